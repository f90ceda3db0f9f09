"""The settings of a command."""

from pydantic import ValidationError

from ..errors import UsageError
from ..settings import Settings


def settings() -> Settings:
    """Settings from the environment.

    Raises:
        UsageError: a variable has a value that does not fit; names it.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = f"TRIALKIN_{'_'.join(map(str, first['loc'])).upper()}"
        raise UsageError(f"{name}: {first['msg']}.", "Correct or unset that environment variable.") from None

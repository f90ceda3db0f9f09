"""What a list can be narrowed by."""

from starlette.datastructures import QueryParams

from trialkin.api.parameters import FilterParameters
from trialkin.api.site.address import Address
from trialkin.api.site.facet_groups import chips, groups
from trialkin.index.facets import Facet, FacetValue

COUNTRIES = Facet(
    field="countries",
    values=(FacetValue(value="Korea, Republic of", count=3), FacetValue(value="China", count=2)),
    missing=0,
)


def asked(url):
    return Address.of("/", QueryParams(str(url).partition("?")[2]), ("q", "filter.country"))


def test_a_country_with_a_comma_in_its_name_is_one_value():
    (group,) = groups([COUNTRIES], asked("/?q=gout&filter.country=China"))
    korea = asked(group.options[0].url)
    assert korea.values("filter.country") == ["China", "Korea, Republic of"]
    assert FilterParameters.model_validate(korea.parameters | {"q": ""}, extra="ignore").filters().country == (
        "China",
        "Korea, Republic of",
    )
    assert [one.chosen for one in groups([COUNTRIES], korea)[0].options] == [True, True]
    assert [chip.label for chip in chips(korea)] == ["China", "Korea, Republic of"]
    assert asked(chips(korea)[1].url).values("filter.country") == ["China"]

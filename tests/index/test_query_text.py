import pytest

from trialkin.errors import ModelError, UsageError
from trialkin.index.query_text import MOST_CHARACTERS, QueryEmbedder, check_text


@pytest.mark.parametrize("text", ["", "  \n\t"])
def test_an_empty_text_is_refused(text):
    with pytest.raises(UsageError, match="is empty"):
        check_text(text)


def test_a_text_may_have_so_many_characters_and_no_more():
    assert check_text("a" * MOST_CHARACTERS) == "a" * MOST_CHARACTERS
    with pytest.raises(UsageError, match="50,001 characters; 50,000 is the most"):
        check_text("a" * (MOST_CHARACTERS + 1))


def test_what_nobody_sees_parts_no_word():
    assert check_text("immuno\u00adtherapy, \ufeffITP") == "immunotherapy, ITP"
    with pytest.raises(UsageError, match="is empty"):
        check_text("\u00ad \ufeff")


def test_half_a_character_is_taken_as_an_unknown_one():
    assert check_text("itp \ud83d") == "itp ?"


def test_the_model_is_loaded_for_the_first_text_and_kept(sample, encoder):
    loaded = []
    embed = QueryEmbedder(sample.manifest, lambda manifest: loaded.append(manifest) or encoder)
    assert not loaded
    first = embed.query("immune thrombocytopenia")
    assert first.shape == (encoder.dim,)
    assert (embed.query("immune thrombocytopenia") == first).all()
    assert loaded == [sample.manifest]


def test_another_model_than_that_of_the_index_is_refused_every_time(sample, fake_encoder):
    embed = QueryEmbedder(sample.manifest, lambda _: fake_encoder("other", "0" * 64))
    for _ in range(2):
        with pytest.raises(ModelError, match="other"):
            embed.query("itp")

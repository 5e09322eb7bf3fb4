from datetime import date

import pytest

from audit.standards.rules import (
    Citation,
    Confidence,
    InstrumentKind,
    UnknownInstrument,
    get_instrument,
    instruments,
    is_verified,
    parse_citation,
)


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("GB55019 3.2.2(1)", "GB 55019-2021 第3.2.2(1)条", "GB 55019-2021, 3.2.2(1)"),
        (
            "LAW 26",
            "《无障碍环境建设法》第26条",
            "Law on Building an Accessible Environment, Art. 26",
        ),
        ("GB/T 41175", "GB/T 41175-2021", "GB/T 41175-2021"),
        ("CJJ14", "CJJ 14-2016", "CJJ 14-2016"),
        (
            "资府发〔2023〕9号 专栏7(一)1",
            "资府发〔2023〕9号 专栏7(一)1",
            "City plan of 2023, no. 9, box 7(1)1",
        ),
        ("条例622 32", "《无障碍环境建设条例》第32条", None),
    ],
)
def test_a_citation_reads_as_people_write_it(written: str, zh: str, en: str | None) -> None:
    citation = parse_citation(written)
    assert citation.in_("zh") == zh
    assert en is None or citation.in_("en") == en
    assert str(citation) == written


def test_spaces_around_and_inside_a_citation_do_not_matter() -> None:
    assert parse_citation("  GB/T  41175   5.2 ") == Citation("GB/T 41175", "5.2")


@pytest.mark.parametrize("written", ["", "GB99999 1.1", "GB550191 2.1", "3.2.2"])
def test_a_citation_of_an_unknown_instrument_is_refused(written: str) -> None:
    with pytest.raises(UnknownInstrument):
        parse_citation(written)


def test_only_numbers_seen_in_a_text_or_digest_are_verified() -> None:
    sure = {one.value for one in Confidence if is_verified(one)}
    assert sure == {"A", "A*", "B", Confidence.CONFIRMED}


def test_an_instrument_binds_from_its_day_or_from_a_day_on_which_it_is_known_to_stand() -> None:
    assert get_instrument("GB55019").in_force_since == date(2022, 4, 1)
    assert get_instrument("GB50763").effective_from is None
    assert get_instrument("GB50763").in_force_since == date(2022, 4, 1)
    assert get_instrument("CJJ14").in_force_since is None


def test_every_mandatory_code_has_its_day_of_entry() -> None:
    codes = [one for one in instruments().values() if one.kind is InstrumentKind.MANDATORY_CODE]
    assert {one.code for one in codes} == {"GB55019", "GB55038"}
    assert all(one.effective_from for one in codes)

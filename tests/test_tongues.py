"""Which language a text is in, by its script and its words."""

import pytest

from mock_server.fixtures import FIXTURES
from mock_server.language.phrases import load_phrases
from mock_server.language.tongues import language_of

PHRASES = load_phrases(FIXTURES / "phrases.yaml")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The tide turns at noon and the boats are back.", "en"),
        ("Прилив сменится в полдень, и лодки вернутся.", "ru"),
        ("Die Boote sind am Abend wieder im Hafen.", "de"),
        ("Les bateaux rentrent au port avec la marée.", "fr"),
        ("Los barcos vuelven al puerto con la marea.", "es"),
        ("船在傍晚回到港口。", "zh"),
        ("船は夕方に港へ戻ります。", "ja"),
        ("배는 저녁에 항구로 돌아옵니다.", "ko"),
        ("تعود القوارب إلى الميناء", "ar"),
        ("Τα καράβια γυρίζουν στο λιμάνι", "el"),
        ("เรือกลับเข้าฝั่งตอนเย็น", "th"),
        ("123 !?", "en"),
        ("", "en"),
    ],
)
def test_a_text_has_a_language(text: str, code: str) -> None:
    assert language_of(PHRASES, text) == code


def test_of_a_long_text_the_beginning_counts() -> None:
    assert language_of(PHRASES, "Прилив " * 1_000 + "the " * 100_000) == "ru"

"""Whatever a person reads can be read in Chinese."""

from babel.messages.pofile import read_po

from hutong.kernel import locales


def test_every_text_has_its_chinese():
    assert locales.missing() == {}


def test_the_check_sees_templates_and_code():
    texts = set(locales.used(locales.SOURCE / "ui"))
    assert ("", "Skip to content") in texts


def test_no_text_has_two_translations():
    """All capabilities share one catalog: of two translations the last one loaded would be shown everywhere."""
    assert locales.disagreeing() == {}


def test_translations_keep_their_places():
    for file in locales.catalogs():
        with file.open("rb") as stream:
            for message in read_po(stream, locale=locales.LANGUAGE):
                if message.id and message.python_format:
                    assert list(message.check()) == [], f"{file}: {message.id}"

"""What stands between this PC and Zendera is told apart in words that say what to do: in the daily work, and when an account is tried."""

import pytest

from zendera_desk.domain.errors import LinkCode, LinkError
from zendera_desk.gui import labels
from zendera_desk.gui.settings.trial import LINE_AT_FAULT, trial_sentence


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (LinkCode.TLS, "your network may want you to sign in first"),
        (LinkCode.TLS_HOST, "Check the address"),
        (LinkCode.TLS_DATE, "Check the date and the time of this PC"),
        (LinkCode.TLS_SPOKEN, "does not encrypt as Zendera does"),
        (LinkCode.REDIRECT, "your network may want you to sign in first"),
        (LinkCode.NOT_ZENDERA, "Check the address"),
        (LinkCode.PROXY, "whoever looks after your network"),
    ],
)
def test_the_trouble_is_named_with_what_to_do(code: LinkCode, advice: str) -> None:
    assert advice in labels.error(LinkError(code))
    assert advice in trial_sentence(LinkError(code))


@pytest.mark.parametrize("code", [code for code in LinkCode if code.startswith("tls")])
def test_a_connection_that_is_not_secure_is_nothing_to_save_an_account_on(code: LinkCode) -> None:
    assert "nothing was sent" in labels.error(LinkError(code)).lower()
    assert code not in LINE_AT_FAULT

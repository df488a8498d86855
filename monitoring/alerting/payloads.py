"""A message in the shape each service takes. Sources: Slack's Block Kit and incoming webhooks, Adaptive
Cards 1.4 as Teams' workflows take them, PagerDuty's Events API v2.
"""

import re
from typing import Any, Final, Literal

from monitoring.alerting.content import Content, Item, as_text, plain

_SLACK_HEAD: Final = 150
_SLACK_TEXT: Final = 2_900
_SLACK_FACTS: Final = 10
_PAGERDUTY_SUMMARY: Final = 1_024
_MOST_ITEMS: Final = 20
_SEVERITIES: Final = {1: "critical", 2: "error", 3: "warning", 4: "info"}
_CARD_MARKS: Final = re.compile(r"([\\`*_\[\]<>#~|])")
Action = Literal["trigger", "acknowledge", "resolve"]


def slack(content: Content, *, link: str) -> dict[str, Any]:
    """A message for an incoming webhook. Names become text: nobody is called and no link is drawn."""
    lines = [_slack(content.where)] if content.where else []
    lines += [
        f"*{_slack(label)}*: {_slack(value)}" for label, value in content.facts[:_SLACK_FACTS]
    ]
    lines += [_slack_item(item) for item in content.items[:_MOST_ITEMS]]
    blocks: list[dict[str, Any]] = [_slack_block("header", content.headline)]
    if lines:
        text = "\n".join(lines)[:_SLACK_TEXT]
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": text}})
    buttons = [
        {"type": "button", "text": {"type": "plain_text", "text": word}, "url": url}
        for word, url in _links(content, link)
    ]
    if buttons:
        blocks.append({"type": "actions", "elements": buttons})
    return {"text": _slack(content.headline), "blocks": blocks}


def _slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _slack_item(item: Item) -> str:
    title = (
        f"<{item.url}|{_slack(item.title).replace('|', '¦')}>" if item.url else _slack(item.title)
    )
    return f"• {title}\n{_slack(item.where)}"


def _slack_block(kind: str, text: str) -> dict[str, Any]:
    short = plain(text, most=_SLACK_HEAD)
    return {"type": kind, "text": {"type": "plain_text", "text": short, "emoji": False}}


def _links(content: Content, link: str) -> list[tuple[str, str]]:
    found = [("I have it", link)] if link else []
    return [*found, ("Look at it", content.url)] if content.url else found


def teams(content: Content, *, link: str) -> dict[str, Any]:
    """An Adaptive Card for a workflow that takes webhooks."""
    body: list[dict[str, Any]] = [
        {"type": "TextBlock", "text": _card(content.headline), "weight": "Bolder", "wrap": True}
    ]
    if content.where:
        body.append({"type": "TextBlock", "text": _card(content.where), "isSubtle": True})
    if content.facts:
        facts = [{"title": label, "value": _card(value)} for label, value in content.facts]
        body.append({"type": "FactSet", "facts": facts})
    body += [
        {"type": "TextBlock", "wrap": True, "text": f"{_card(item.title)}\n\n{_card(item.where)}"}
        for item in content.items[:_MOST_ITEMS]
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": [
            {"type": "Action.OpenUrl", "title": word, "url": url}
            for word, url in _links(content, link)
        ],
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


def _card(text: str) -> str:
    return _CARD_MARKS.sub(r"\\\1", text)


def pagerduty(
    content: Content, *, link: str, routing_key: str, dedup_key: str, source: str, action: Action
) -> dict[str, Any]:
    """An event. `dedup_key` is the incident: whatever is told of it again changes the same one."""
    event: dict[str, Any] = {
        "routing_key": routing_key,
        "event_action": action,
        "dedup_key": dedup_key,
    }
    if action != "trigger":
        return event
    return {
        **event,
        "client": source,
        "client_url": content.url,
        "links": [{"href": url, "text": word} for word, url in _links(content, link)],
        "payload": {
            "summary": plain(content.headline, most=_PAGERDUTY_SUMMARY),
            "source": content.where or source,
            "severity": _SEVERITIES.get(content.severity or 0, "warning"),
            "custom_details": {
                **dict(content.facts),
                **{f"{n}": f"{one.title}, {one.where}" for n, one in enumerate(content.items, 1)},
            },
        },
    }


def pagerduty_action(content: Content) -> Action:
    """What happens to the incident."""
    if content.purpose == "over":
        return "resolve"
    return "acknowledge" if content.purpose == "acknowledged" else "trigger"


def webhook(content: Content, *, link: str, key: str, message: int, sent_by: str) -> dict[str, Any]:
    """Plain JSON for a system of one's own; `key` names the alert, `message` this telling of it."""
    return {
        "id": message,
        "key": key,
        "event": content.purpose,
        "from": sent_by,
        "severity": content.severity,
        "title": content.title,
        "where": content.where,
        "facts": [{"label": label, "value": value} for label, value in content.facts],
        "alerts": [item._asdict() for item in content.items],
        "url": content.url,
        "acknowledge_url": link,
        "text": as_text(content, link=link),
    }

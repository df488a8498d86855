"""python -m sandbox.store: a WooCommerce look-alike on a loopback port."""

import argparse

from sandbox.store import webhooks
from sandbox.store.app import App
from sandbox.store.state import State
from sandbox.web import Listener, serve


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.store", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--control-port", type=int, help="a second port that stays up in an outage")
    parser.add_argument("--state", default=":memory:")
    parser.add_argument("--key", required=True)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--webhook-url")
    parser.add_argument("--webhook-secret", default="")
    return parser.parse_args()


def _register(state: State, url: str, secret: str) -> None:
    """Announce orders to the given address, once per topic over all restarts."""
    known = {(hook["topic"], hook["delivery_url"]): hook["id"] for hook in state.webhooks()}
    for topic in webhooks.TOPICS:
        if (topic, url) in known:
            webhooks.change(state, known[topic, url], {"secret": secret})
        else:
            webhooks.register(state, {"topic": topic, "delivery_url": url, "secret": secret})


def main() -> None:
    arguments = _arguments()
    state = State(arguments.state)
    if arguments.webhook_url:
        _register(state, arguments.webhook_url, arguments.webhook_secret)
    app = App(state, key=arguments.key, secret=arguments.secret)
    listeners = [Listener(app, arguments.port)]
    app.control.outage = listeners[0].outage
    if arguments.control_port is not None:
        listeners.append(Listener(app.control, arguments.control_port))
    serve("store", listeners, background=(app.run,))


if __name__ == "__main__":
    main()

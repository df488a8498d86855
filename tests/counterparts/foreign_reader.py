"""Run in another environment than ours: `foreign_reader.py NAME` reads a JSON list of interchanges and tells what
that reader found in each: {sender, receiver, control, sets: [{type, control, segments: [[tag, element, ...]]}]}.

A composite element is the list of its components.
"""

import json
import sys


def by_ansi_x12(text):
    from x12 import parse_x12_interchange, tokenize_x12

    found = parse_x12_interchange(tokenize_x12(text.encode()))
    return {
        "sender": found.header.element(6).decode().strip(),
        "receiver": found.header.element(8).decode().strip(),
        "control": found.header.element(13).decode(),
        "sets": [
            {
                "type": one.transaction_set_code.decode(),
                "control": one.header.element(2).decode(),
                "segments": [
                    [segment.tag, *(element.decode() for element in segment.elements)]
                    for segment in one.all_segments
                ],
            }
            for group in found.groups
            for one in group.transactions
        ],
    }


def by_mock_edi(text):
    from mockedi import edifact, x12

    reader = edifact if text.startswith(("UNA", "UNB")) else x12
    found = reader.parse(text)
    return {
        "sender": found.sender,
        "receiver": found.receiver,
        "control": found.control,
        "sets": [
            {
                "type": message.code,
                "control": message.control,
                "segments": [[s.tag, *s.elements] for s in message.segments],
            }
            for _, message in found.messages()
        ],
    }


READERS = {"ansi-x12": by_ansi_x12, "mock-edi": by_mock_edi}
json.dump([READERS[sys.argv[1]](text) for text in json.load(sys.stdin)], sys.stdout)

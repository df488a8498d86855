"""What a portal sends to the sandbox warehouse, and how its answers are taken apart."""


def interchange(control: int, sets: list[str], *, functional_id: str = "OW") -> str:
    header = (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'PORTAL':15}*ZZ*{'NWIND3PL':15}*260302*1405*U*00401"
        f"*{control:09}*0*T*>~"
    )
    group = f"GS*{functional_id}*PORTAL*NWIND3PL*20260302*1405*{control}*X*004010~"
    trailer = f"GE*{len(sets)}*{control}~IEA*1*{control:09}~"
    return header + group + "".join(sets) + trailer


def transaction_set(kind: str, control: int, body: str) -> str:
    count = body.count("~") + 2
    return f"ST*{kind}*{control:04}~{body}SE*{count}*{control:04}~"


def order_body(number: str, *, quantity: int = 2, sku: str = "TENT-2P", purpose: str = "N") -> str:
    return (
        f"W05*{purpose}*{number}*PO-1~N1*ST*ANA CHEN~N3*1 QUAY STREET~N4*RENO*NV*89502*US~"
        f"W66*PP*M***GROUND*****UPSN~LX*1~W01*{quantity}*EA**VN*{sku}~N9*LI*7001~W76*{quantity}~"
    )


def order_file(control: int, *bodies: str) -> str:
    return interchange(
        control, [transaction_set("940", n, body) for n, body in enumerate(bodies, start=1)]
    )


def segments(text: str, name: str) -> list[str]:
    """The segments of one name."""
    return [part.strip() for part in text.split("~") if part.strip().startswith(f"{name}*")]

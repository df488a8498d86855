import time, pytest
pytestmark = pytest.mark.db
def test_all(house):
    from portal.pages.brand_scan.scanning import STEPS, look, Result
    from portal.pages.brand_scan.routes import every
    r=Result()
    for s in STEPS:
        t=time.time()
        f=look(s); r.merge(f)
        print(s, dict(f.rendered), f"{time.time()-t:.1f}")
    for l in r.leaks: print(l)
    print(r.in_data, r.failed)
    for route in every():
        st=r.routes.get(route.pattern)
        if st is None or st>=300 and st!=405: print(st, route.pattern)
    assert 0

"""How each route of spec/routes/ is called, and where what it touches lies. test_permissions.py makes the whole table of it: a route
that is not named here fails the test.

  public()    nobody need be known              own()    whoever is signed in
  anywhere()  the ability in some area or other: lists, and what has no place of its own
  whole()     the ability everywhere
  there()     the ability where the subject lies: {door} and the like stand for one inside the grant's area, or outside

After the method and path: the body, where one is taken ({...} in its texts too); roles= whose abilities are asked for as well."""


def case(kind, method, path, body=None, **more):
    return {"kind": kind, "method": method, "path": path, "body": body, **more}


def public(*words, **more): return case("public", *words, **more)
def own(*words, **more): return case("own", *words, **more)
def anywhere(*words, **more): return case("anywhere", *words, **more)
def whole(*words, **more): return case("whole", *words, **more)
def there(*words, **more): return case("there", *words, **more)


CASES = {
    "health.show": public("GET", "/health"),
    "openapi.show": public("GET", "/openapi.json"),
    "authority.show": public("GET", "/authority", always=404),
    "docs.show": public("GET", "/docs"),
    "docs.script": public("GET", "/docs/docs.js"),
    "docs.style": public("GET", "/docs/docs.css"),
    # root: not behind /api/v1
    "app.show": public("GET", "/", root=True),
    "ops.alive": public("GET", "/healthz", root=True),
    "ops.ready": public("GET", "/readyz", root=True),
    "ops.metrics": anywhere("GET", "/metrics", root=True),
    "auth.time": public("GET", "/auth/time"),
    # These look at what is shown to them instead of a session: wrong ones are 401 or 403 to everybody.
    "auth.sign_in": public("POST", "/auth/session", {"login": "nobody", "password": "not this one"}, always=401),
    "auth.enrol": public("POST", "/auth/phone", {"invite": "x", "public_key": "A" * 43}, always=401),
    "auth.resume": public("PUT", "/auth/phone", {"device": "{phone}", "at": "2022-04-08T08:00:00+08:00", "sign": "A" * 86}, always=403),
    "auth.sign_out": own("DELETE", "/auth/session", spends=True),
    "auth.me": own("GET", "/auth/me"),
    "auth.totp_begin": own("POST", "/auth/totp"),
    "auth.totp_confirm": own("PUT", "/auth/totp", {"code": "000000"}),
    "entries.push": own("POST", "/entries", b"{}", type="application/x-doorward-upload"),

    "site.show": anywhere("GET", "/site"),
    "areas.list": anywhere("GET", "/areas?limit=1000"),
    "areas.show": there("GET", "/areas/{area}"),
    "areas.keep": there("PUT", "/areas/{building}/keeper", {"name": "责任人"}),
    "doors.list": anywhere("GET", "/doors?limit=1000"),
    "doors.show": there("GET", "/doors/{door}"),
    "doors.add": there("POST", "/doors", {"building": "{code}", "room": "{new}"}),
    "households.list": anywhere("GET", "/households?limit=1000"),
    "persons.list": anywhere("GET", "/persons?limit=1000"),
    "persons.show": there("GET", "/persons/{person}"),
    "persons.reveal": there("POST", "/persons/{person}/reveal", {"reason": "送药"}),
    "persons.add": there("POST", "/persons", {"name": "新人{new}", "door": "{door}", "household": "{household}", "even_so": True}),
    "rounds.list": anywhere("GET", "/rounds"),
    "rounds.open": whole("POST", "/rounds", {"kind": "sweep"}),
    "rounds.show": anywhere("GET", "/rounds/0"),
    "rounds.areas": anywhere("GET", "/rounds/0/areas?buildings=true&limit=1000"),
    "rounds.missing": anywhere("GET", "/rounds/0/missing?limit=1000"),
    "rounds.decide": there("PUT", "/rounds/1/missing/{person}", {"decision": "carried", "evidence": "电话联系"}),
    "rounds.close": whole("POST", "/rounds/1/close", {}),
    "members.list": anywhere("GET", "/members?limit=1000"),
    "members.add": anywhere("POST", "/members", {"name": "新队员"}),
    "grants.list": anywhere("GET", "/grants?limit=1000"),
    "grants.add": there("POST", "/grants", {"member": "{member}", "role": "viewer", "area": "{cell}"}, roles=["viewer"]),
    "grants.end": there("DELETE", "/grants/{grant}", roles=["viewer"]),
    "accounts.add": there("POST", "/accounts", {"member": "{member}", "login": "u{new}", "password": "short"}, roles=["viewer"]),
    "devices.list": anywhere("GET", "/devices?limit=1000"),
    "devices.invite": there("POST", "/devices/invites", {"member": "{member}", "name": "手机"}, roles=["viewer"]),
    "devices.revoke": there("POST", "/devices/{phone}/revoke", {"reason": "丢失"}),
    "held.list": anywhere("GET", "/held"),
    "held.decide": whole("PUT", "/held/{seq}", {"decision": "void"}, hidden=True),
}

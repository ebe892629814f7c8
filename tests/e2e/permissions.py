"""How each route of spec/routes/ is called, and where what it touches lies. test_permissions.py makes the whole table of it: a route
that is not named here fails the test.

  public()    nobody need be known              own()    whoever is signed in
  anywhere()  the ability in some area or other: lists, and what has no place of its own
  whole()     the ability everywhere
  there()     the ability where the subject lies: {door} and the like stand for one inside the grant's area, or outside

After the method and path: the body, where one is taken ({...} in its texts too); roles= whose abilities are asked for as well, also= single
abilities; fine= statuses that are no refusal where the call is allowed (what was decided is there no more); stream= it does not end."""


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
    "auth.sign_in": public("POST", "/auth/session", {"login": "nobody{new}", "password": "not this one"}, always=401),
    "auth.enrol": public("POST", "/auth/phone", {"invite": "x", "public_key": "A" * 43}, always=401),
    "auth.resume": public("PUT", "/auth/phone", {"device": "{phone}", "at": "2022-04-08T08:00:00+08:00", "sign": "A" * 86}, always=403),
    "auth.ways": public("GET", "/auth/ways"),
    "auth.oidc": public("GET", "/auth/oidc", always=404), # no provider is set here: test_oidc.py
    "auth.oidc_back": public("GET", "/auth/oidc/callback", always=404),
    "auth.link": own("POST", "/auth/links", phones=403), # they have no account
    "auth.password": own("PUT", "/auth/password", {"old": "not this one", "new": "another one"}, phones=403),
    "auth.sign_out": own("DELETE", "/auth/session", spends=True),
    "auth.me": own("GET", "/auth/me"),
    "auth.totp_begin": own("POST", "/auth/totp"),
    "auth.totp_confirm": own("PUT", "/auth/totp", {"code": "000000"}),
    "entries.push": own("POST", "/entries", b"{}", type="application/x-doorward-upload"),

    # What a phone or officer pulls is only what he may see: the test looks for what lies outside in the answer.
    "entries.pull": own("GET", "/entries?limit=1000"),
    "sync.bundle": own("GET", "/sync/bundle"),
    "positions.put": own("POST", "/positions", {"lon": 1180030000, "lat": 240020000}),
    "positions.list": anywhere("GET", "/positions?limit=1000"),
    "live.listen": anywhere("GET", "/live", stream=True),

    "site.show": anywhere("GET", "/site"),
    "site.set": whole("PATCH", "/site", {"name": "村"}),
    "areas.list": anywhere("GET", "/areas?limit=1000"),
    "areas.show": there("GET", "/areas/{area}"),
    "areas.keep": there("PUT", "/areas/{building}/keeper", {"name": "责任人"}),
    "areas.add": there("POST", "/areas", {"kind": "building", "parent": "{cell}", "code": "N{new}"}),
    "areas.set": there("PUT", "/areas/{building}", {"use": "住宅"}),
    # They lie in no area.
    "features.add": whole("POST", "/features", {"kind": "gate", "geometry": {"type": "Point", "coordinates": [118.003, 24.002]}}),
    "features.set": whole("PUT", "/features/{feature}", {"name": "东卡口"}),
    "features.end": whole("DELETE", "/features/{feature}"),
    "map.show": anywhere("GET", "/map"),
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
    "rounds.people": anywhere("GET", "/rounds/0/people?what=owed&limit=1000"),
    "rounds.decide": there("PUT", "/rounds/1/missing/{person}", {"decision": "carried", "evidence": "电话联系"}),
    "rounds.close": whole("POST", "/rounds/1/close", {}),
    "members.list": anywhere("GET", "/members?limit=1000"),
    "members.add": anywhere("POST", "/members", {"name": "新队员"}),
    "grants.list": anywhere("GET", "/grants?limit=1000"),
    "grants.add": there("POST", "/grants", {"member": "{member}", "role": "viewer", "area": "{cell}"}, roles=["viewer"]),
    "grants.end": there("DELETE", "/grants/{grant}", roles=["viewer"]),
    "accounts.list": anywhere("GET", "/accounts"),
    "accounts.set": there("PUT", "/accounts/{login}", {"password": "short"}, roles=["viewer"]),
    "accounts.link": there("POST", "/accounts/{login}/links", roles=["viewer"]),
    "accounts.add": there("POST", "/accounts", {"member": "{member}", "login": "u{new}", "password": "short"}, roles=["viewer"]),
    "devices.list": anywhere("GET", "/devices?limit=1000"),
    "devices.invite": there("POST", "/devices/invites", {"member": "{member}", "name": "手机"}, roles=["viewer"]),
    "devices.revoke": there("POST", "/devices/{phone}/revoke", {"reason": "丢失"}),
    # Officers only: to every phone it is 403, whatever its member may.
    "emergencies.list": anywhere("GET", "/emergencies"),
    "emergencies.open": own("POST", "/emergencies", {"reason": "救人"}, phones=403),
    "emergencies.end": own("DELETE", "/emergencies", phones=403),
    "held.list": anywhere("GET", "/held"),
    "held.decide": whole("PUT", "/held/{seq}", {"decision": "void"}, hidden=True),
    "held.show": whole("POST", "/held/{seq}/reveal", {"reason": "核实"}),
    "held.amend": whole("POST", "/held/{seq}/amend", {"body": {}}),

    # A list names any door: imports are of the whole site.
    "imports.list": whole("GET", "/imports"),
    "imports.add": whole("POST", "/imports?name=a.csv&as=household&dry_run=true", b"x", type="application/octet-stream"),
    "imports.show": whole("GET", "/imports/{import}"),
    "imports.commit": whole("POST", "/imports/{import}/commit"),
    "imports.cancel": whole("POST", "/imports/{import}/cancel"),
    "batches.list": whole("GET", "/batches"),
    "batches.undo": whole("POST", "/batches/{nothing}/undo", {}, fine={404}),
    # One's own, or anybody's for who may export everything.
    "exports.list": anywhere("GET", "/exports"),
    "exports.add": anywhere("POST", "/exports", {"table": "doors"}),
    "exports.show": whole("GET", "/exports/{export}", hidden=True),
    "exports.cancel": whole("POST", "/exports/{export}/cancel", hidden=True),
    "exports.drop": whole("DELETE", "/exports/{dropped}", hidden=True),
    "exports.file": whole("GET", "/exports/{export}/files/doors.csv", hidden=True),
    "tables.list": anywhere("GET", "/tables"),
    "tables.show": anywhere("GET", "/tables/people?format=json"),
    "cards.print": there("POST", "/cards", {"area": "{cell}"}),
    "cards.check": anywhere("POST", "/cards/check", {"text": "x"}),
    "cards.revoke": there("POST", "/doors/{door}/card/revoke", {}),
    "papers.print": there("GET", "/papers/ledger?area={cell}"),
    "papers.reveal": there("POST", "/papers/ledger", {"reason": "核对", "area": "{cell}"}, also=["register.reveal"]),

    "areas.summary": anywhere("GET", "/areas/summary?limit=1000"),
    "households.add": there("POST", "/households", {"door": "{door}"}),
    "persons.merge": there("POST", "/persons/{person}/merge", {"gone": "{person}"}),
    "persons.unmerge": there("POST", "/persons/{person}/unmerge", {"gone": "{person}"}),
    "persons.leave": there("POST", "/persons/{person}/leave", {"why": "left"}),
    "persons.move": there("POST", "/persons/{person}/move", {"door": "{door}"}),
    "reviews.list": anywhere("GET", "/reviews?limit=1000"),
    "reviews.decide": there("PUT", "/reviews/{person}/{person}", {"decision": "different"}, fine={404}),

    "rounds.outside": anywhere("GET", "/rounds/0/outside?limit=1000"),
    "rounds.sweep": anywhere("GET", "/rounds/0/sweep?buildings=true&limit=1000"),
    "rounds.left": anywhere("GET", "/rounds/0/left?limit=1000"),
    "unseen": anywhere("GET", "/unseen?lists=household,round:0&by=building"),
    "rounds.course": anywhere("GET", "/rounds/0/course?buildings=true"),
    "rounds.form": anywhere("GET", "/rounds/0/form"),
    "rounds.fill": there("POST", "/rounds/1/forms", {"subject": "{door}", "answers": {}}),
    "rounds.measures": whole("GET", "/rounds/1/measures"),
    "rounds.visit": there("POST", "/rounds/0/visits", {"door": "{door}", "outcome": "empty"}),
    "tubes.list": anywhere("GET", "/rounds/1/tubes"),
    "tubes.open": anywhere("POST", "/rounds/1/tubes", {"code": "T{new}", "capacity": 10}),
    "tubes.fill": there("POST", "/rounds/1/tubes/T-0/people", {"people": ["{person}"]}),
    "tubes.seal": anywhere("POST", "/rounds/1/tubes/T-0/seal", {}),
    "tubes.result": anywhere("PUT", "/rounds/1/tubes/T-0/result", {"result": "negative"}),
    "tubes.decide": there("PUT", "/rounds/1/tubes/T-0/people/{person}", {"decision": "keep"}),
    "boxes.list": anywhere("GET", "/boxes"),
    "boxes.pack": anywhere("POST", "/boxes", {"code": "B-0", "tubes": ["T-0"], "round": 1}),
    "boxes.hand": anywhere("POST", "/boxes/B-0/hand", {"side": "give", "other": "{phone}"}),
    "lab.status": anywhere("GET", "/rounds/1/lab"),
    "lab.questions": anywhere("GET", "/rounds/1/questions?limit=1000"),
    "holds.list": anywhere("GET", "/holds?limit=1000"),
    "holds.release": there("POST", "/holds/{person}/release", {"how": "released"}),
    "refusals.list": anywhere("GET", "/refusals?limit=1000"),
    "refusals.follow": there("POST", "/refusals/{door}/follow", {"step": "tried"}),
    "needs.list": anywhere("GET", "/needs?limit=1000"),
    "needs.raise": there("POST", "/needs", {"subject": "{door}", "what": "repair"}),
    "needs.close": there("POST", "/needs/{need}/close", {}),
    "street.list": anywhere("GET", "/street?limit=1000"),
    "street.meet": there("POST", "/street", {"person": "{person}", "outcome": "went_home", "area": "{cell}"}),
    "audit.list": whole("GET", "/audit"),
    "packs.list": anywhere("GET", "/packs"),
}

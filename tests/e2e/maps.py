"""The same small village in the formats of maps, each written by hand. A feature: layer, fields, and a ring, a line or a point of
longitude and latitude."""
import json
import sqlite3
import struct


def square(x, y, size):
    return [(x, y), (x, y + size), (x + size, y + size), (x + size, y), (x, y)]


VILLAGE = [
    ("网格", {"code": "1", "name": "一网格"}, square(118, 24, 0.01)), ("网格", {"code": "2", "name": "二网格"}, square(118.01, 24, 0.01)),
    ("楼栋", {"code": "1-1", "name": "宏亭", "address": "东片12号"}, square(118.001, 24.001, 0.0002)),
    ("楼栋", {"code": "2-1", "name": "", "address": "东明巷二号"}, square(118.012, 24.001, 0.0002)),
    ("围挡", {"code": "w1", "name": "硬围挡"}, [(118.001, 24.002), (118.003, 24.002)]), ("卡口", {"code": "g1", "name": "东卡口"}, (118.003, 24.002))]


def shape_of(shape):
    if isinstance(shape, tuple): return {"type": "Point", "coordinates": list(shape)}
    closed = shape[0] == shape[-1]
    return {"type": "Polygon" if closed else "LineString", "coordinates": [[list(p) for p in shape]] if closed else [list(p) for p in shape]}


def geojson(path, features):
    rows = [{"type": "Feature", "properties": {"kind": layer, **fields}, "geometry": shape_of(shape)} for layer, fields, shape in features]
    json.dump({"type": "FeatureCollection", "features": rows}, open(path, "w", encoding="utf-8"), ensure_ascii=False)


def wkb(shape):
    points = lambda ps: struct.pack("<I", len(ps)) + b"".join(struct.pack("<dd", *p) for p in ps)
    if isinstance(shape, tuple): return struct.pack("<BIdd", 1, 1, *shape)
    return struct.pack("<BII", 1, 3, 1) + points(shape) if shape[0] == shape[-1] else struct.pack("<BI", 1, 2) + points(shape)


def geopackage(path, features):
    db = sqlite3.connect(path)
    db.executescript("""PRAGMA application_id = 1196444487; PRAGMA user_version = 10300;
        CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT, description TEXT);
        INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]', '');
        CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, description TEXT, last_change TEXT, min_x REAL, min_y REAL, max_x REAL, max_y REAL, srs_id INTEGER);
        CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);""")
    for layer in dict.fromkeys(f[0] for f in features):
        db.execute(f'CREATE TABLE "{layer}" (fid INTEGER PRIMARY KEY, geom BLOB, "编号" TEXT, "名称" TEXT, "地址" TEXT)')
        db.execute("INSERT INTO gpkg_contents VALUES (?, 'features', ?, '', '2022-04-08T00:00:00.000Z', NULL, NULL, NULL, NULL, 4326)", (layer, layer))
        db.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'GEOMETRY', 4326, 0, 0)", (layer,))
        for of, fields, shape in features:
            if of == layer:
                db.execute(f'INSERT INTO "{layer}" (geom, "编号", "名称", "地址") VALUES (?, ?, ?, ?)',
                           (b"GP\0\1" + struct.pack("<i", 4326) + wkb(shape), fields["code"], fields["name"], fields.get("address")))
    db.commit()
    db.close()


def shapefile(path, features, project=None, prj=None, charset="utf-8"):
    """Polygons only: a shapefile holds one kind of shape."""
    project = project or (lambda x, y: (x, y))
    records, index, at = b"", b"", 50
    for i, (_, _, shape) in enumerate(features):
        ps = [project(*p) for p in shape]
        box = struct.pack("<dddd", min(p[0] for p in ps), min(p[1] for p in ps), max(p[0] for p in ps), max(p[1] for p in ps))
        body = struct.pack("<i", 5) + box + struct.pack("<iii", 1, len(ps), 0) + b"".join(struct.pack("<dd", *p) for p in ps)
        records += struct.pack(">ii", i + 1, len(body) // 2) + body
        index += struct.pack(">ii", at, len(body) // 2)
        at += 4 + len(body) // 2
    for ending, body in ((".shp", records), (".shx", index)):
        head = struct.pack(">iiiiiii", 9994, 0, 0, 0, 0, 0, 50 + len(body) // 2) + struct.pack("<ii", 1000, 5) + struct.pack("<8d", 118, 24, 118.1, 24.1, 0, 0, 0, 0)
        open(path + ending, "wb").write(head + body)
    columns = ("kind", "code", "name", "address")
    rows = b"".join(b" " + b"".join(str({"kind": layer, **fields}.get(c, "")).encode(charset).ljust(40) for c in columns) for layer, fields, _ in features)
    head = struct.pack("<BBBBIHH", 3, 122, 4, 8, len(features), 32 + 32 * len(columns) + 1, 1 + 40 * len(columns)) + b"\0" * 20
    head += b"".join(c.encode().ljust(11, b"\0") + b"C" + b"\0" * 4 + bytes([40, 0]) + b"\0" * 14 for c in columns) + b"\r"
    open(path + ".dbf", "wb").write(head + rows + b"\x1a")
    open(path + ".cpg", "w").write({"utf-8": "UTF-8", "gbk": "CP936"}[charset])
    open(path + ".prj", "w").write(prj or 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]')


def kml(path, features):
    def geometry(shape):
        text = " ".join(f"{x},{y}" for x, y in ([shape] if isinstance(shape, tuple) else shape))
        inner = f"<coordinates>{text}</coordinates>"
        if isinstance(shape, tuple): return f"<Point>{inner}</Point>"
        return f"<Polygon><outerBoundaryIs><LinearRing>{inner}</LinearRing></outerBoundaryIs></Polygon>" if shape[0] == shape[-1] else f"<LineString>{inner}</LineString>"
    folders = ""
    for layer in dict.fromkeys(f[0] for f in features):
        marks = "".join(f"<Placemark><name>{fields['name']}</name><ExtendedData>" + "".join(f'<Data name="{k}"><value>{v}</value></Data>' for k, v in fields.items() if k != "name")
                        + f"</ExtendedData>{geometry(shape)}</Placemark>" for of, fields, shape in features if of == layer)
        folders += f"<Folder><name>{layer}</name>{marks}</Folder>"
    open(path, "w", encoding="utf-8").write(f'<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{folders}</Document></kml>')


def osm(path):
    """A house, a factory, a lane and a gate as OpenStreetMap has them."""
    nodes, ways, count = "", "", 0

    def way(shape, tags):
        nonlocal nodes, ways, count
        refs = []
        for x, y in shape[:-1] if shape[0] == shape[-1] else shape:
            count += 1
            nodes += f'<node id="{count}" lat="{y}" lon="{x}" version="1"/>'
            refs.append(count)
        refs += refs[:1] if shape[0] == shape[-1] else []
        count += 1
        ways += f'<way id="{count}" version="1">' + "".join(f'<nd ref="{r}"/>' for r in refs) + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()) + "</way>"
    way(square(118.001, 24.001, 0.0002), {"building": "residential", "name": "宏亭", "ref": "1-1", "addr:street": "东明巷", "addr:housenumber": "2号"})
    way(square(118.003, 24.001, 0.0005), {"building": "industrial", "name": "鞋厂", "ref": "f1"})
    way([(118.001, 24.003), (118.004, 24.003)], {"highway": "residential", "name": "东明巷"})
    count += 1
    nodes += f'<node id="{count}" lat="24.003" lon="118.002" version="1"><tag k="barrier" v="gate"/><tag k="name" v="东卡口"/></node>'
    open(path, "w", encoding="utf-8").write(f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{nodes}{ways}</osm>')

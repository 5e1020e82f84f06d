"""Is a value as a JSON schema wants it? The part of JSON Schema that docs/json.schema.json uses: a
keyword that is not known here is an error, so that no rule is passed over in silence. Stricter in one
thing: a key that the schema does not name is a problem, because then the documentation lacks it.
"""
import re

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool,
         "number": (int, float)}
KEYWORDS = {"type", "required", "properties", "items", "enum", "const", "minimum", "pattern", "$ref",
            "allOf", "description", "title", "$schema", "$defs"}


def resolved(schema, root):
    while "$ref" in schema:
        node = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            node = node[part]
        schema = node
    return schema


def named_keys(schema, root):
    schema = resolved(schema, root)
    keys = set(schema.get("properties", {}))
    return keys.union(*(named_keys(part, root) for part in schema.get("allOf", ())))


def problems_of(value, schema, root=None, where="$", is_part=False):
    root = root or schema
    schema = resolved(schema, root)
    found = [f"{where}: keyword '{word}' is not known" for word in schema if word not in KEYWORDS]
    for part in schema.get("allOf", ()):
        found += problems_of(value, part, root, where, True)
    wanted = schema.get("type")
    if wanted and (not isinstance(value, TYPES[wanted]) or
                   (isinstance(value, bool) and wanted != "boolean")):
        return found + [f"{where}: no {wanted}: {value!r}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {value!r} is not one of {schema['enum']}")
    if "const" in schema and value != schema["const"]:
        found.append(f"{where}: {value!r} is not {schema['const']!r}")
    if "minimum" in schema and value < schema["minimum"]:
        found.append(f"{where}: {value} is too small")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{where}: {value!r} is not like {schema['pattern']}")
    if isinstance(value, dict):
        found += [f"{where}: no '{key}'" for key in schema.get("required", ()) if key not in value]
        for key, inner in schema.get("properties", {}).items():
            if key in value:
                found += problems_of(value[key], inner, root, f"{where}.{key}")
        if not is_part:
            found += [f"{where}: '{key}' is not in the schema"
                      for key in value if key not in named_keys(schema, root)]
    if isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            found += problems_of(item, schema["items"], root, f"{where}[{number}]")
    return found

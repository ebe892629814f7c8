"""Options of commands as spec/commands.json has them; one that names a setting is what spec/settings.json says of it."""
TYPES = {"text": "text", "path": "text", "address": "text", "url": "text", "duration": "text", "int": "int", "bool": "flag", "choice": "choice"}


def whole(option, settings):
    if "setting" not in option:
        return option
    setting = next(s for s in settings if s["name"] == option["setting"])
    inherited = {"name": setting["name"].replace("_", "-"), "type": TYPES[setting["type"]], "zh": setting["zh"], "en": setting["en"], "value": setting.get("value", "")}
    if "choices" in setting:
        inherited["choices"] = setting["choices"]
    if setting["default"] and setting["type"] != "bool":
        inherited["default"] = setting["default"]
    return {**inherited, **option}


def expand(commands, settings):
    """The table with every option whole."""
    commands["globals"] = [whole(o, settings) for o in commands["globals"]]
    for command in commands["commands"]:
        command["options"] = [whole(o, settings) for o in command["options"]]
    return commands

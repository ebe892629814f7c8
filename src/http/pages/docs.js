"use strict";
/* The page that explains the API: openapi.json made readable. Nothing comes from elsewhere, and texts are put in as texts. */
const say = {
    zh: { about: "接口说明，由服务器自己的接口表生成。原文：", find: "查找：路径、说明、权限", query: "参数", body: "请求内容", answer: "回答", public: "无需登录", self: "登录即可", may: "权限", example: "例", types: "数据类型", must: "必填", none: "没有符合的接口", each: "每一个", wrong: "出错时回答 application/problem+json：code 是错误码，field 是哪一项，fix 是怎么办。" },
    en: { about: "What this server answers, made from its own table of routes. The description itself: ", find: "find: path, words, ability", query: "Parameters", body: "Body", answer: "Answer", public: "nobody need sign in", self: "whoever is signed in", may: "ability", example: "Example", types: "Types", must: "needed", none: "no such call", each: "each", wrong: "What goes wrong is answered as application/problem+json: code, the field, and in fix what to do." },
};
const at = (id) => document.getElementById(id);
let lang = (localStorage.getItem("doorward.lang") || navigator.language || "zh").startsWith("zh") ? "zh" : "en";
let api = null;

function make(tag, given, ...inside) {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(given || {})) element[key] = value;
    element.append(...inside.filter((one) => one !== null && one !== undefined));
    return element;
}

function typeOf(schema) {
    if (!schema) return "";
    if (schema.$ref) {
        const name = schema.$ref.split("/").pop();
        return make("a", { href: "#type-" + name }, name);
    }
    if (schema.anyOf) return make("span", {}, ...schema.anyOf.flatMap((one, i) => (i ? [" | ", typeOf(one)] : [typeOf(one)])));
    if (schema.type === "array") return make("span", {}, say[lang].each + " ", typeOf(schema.items));
    const types = [].concat(schema.type || "any").join(" | ");
    const more = schema.enum ? ": " + schema.enum.filter((one) => one !== null).join(", ") : schema.format ? " (" + schema.format + ")" : "";
    const bounds = schema.minimum !== undefined ? ` ${schema.minimum} – ${schema.maximum ?? "…"}` : schema.maxLength ? ` ≤ ${schema.maxLength}` : "";
    return types + more + bounds + (schema.default !== undefined ? ` = ${schema.default}` : "");
}

function row(name, schema, must, words) {
    return make("tr", {}, make("td", {}, make("code", {}, name), must ? make("span", { className: "must", title: say[lang].must }, " *") : null), make("td", {}, typeOf(schema)), make("td", {}, words || ""));
}

function fields(schema) {
    if (!schema) return null;
    if (schema.$ref) schema = api.components.schemas[schema.$ref.split("/").pop()];
    if (!schema || !schema.properties) return make("p", {}, typeOf(schema));
    if (!Object.keys(schema.properties).length) return make("p", {}, "{}");
    return make("table", {}, make("tbody", {}, ...Object.entries(schema.properties).map(([name, one]) => row(name, one, (schema.required || []).includes(name), one.description))));
}

function part(title, content) {
    return content ? [make("h3", {}, title), content] : [];
}

function whoMay(call) {
    if (call.security && call.security.length === 0) return say[lang].public;
    return call["x-may"] === "self" ? say[lang].self : `${say[lang].may} ${call["x-may"]}`;
}

function example(method, path, call) {
    const base = (call.servers || api.servers)[0].url.replace(/\/$/, "");
    const needs = call.security && call.security.length === 0 ? "" : ' -H "Authorization: Bearer $TOKEN"';
    const content = call.requestBody && Object.entries(call.requestBody.content)[0];
    let sends = "";
    if (content && content[0] === "application/json") {
        const schema = content[1].schema.$ref ? api.components.schemas[content[1].schema.$ref.split("/").pop()] : content[1].schema;
        const shown = schema.examples ? schema.examples[0] : Object.fromEntries((schema.required || []).map((name) => [name, schema.properties[name].enum ? schema.properties[name].enum[0] : "…"]));
        sends = ` -H "Content-Type: application/json" -d '${JSON.stringify(shown)}'`;
    } else if (content) sends = ` -H "Content-Type: ${content[0]}" --data-binary @FILE`;
    return `curl${method === "get" ? "" : " -X " + method.toUpperCase()}${needs}${sends} ${location.origin}${base}${path}`;
}

function callOf(path, method, call) {
    const answered = Object.entries(call.responses).find(([status]) => status.startsWith("2"));
    const types = answered && answered[1].content ? Object.entries(answered[1].content) : [];
    const asked = call.requestBody && Object.entries(call.requestBody.content)[0];
    const inside = () => make("div", {}, make("p", { className: "may" }, whoMay(call)),
        ...part(say[lang].query, call.parameters && make("table", {}, make("tbody", {}, ...call.parameters.map((one) => row(one.name, one.schema, one.required, one.description))))),
        ...(asked ? part(`${say[lang].body} · ${asked[0]}`, fields(asked[1].schema)) : []),
        ...(types.length ? part(`${say[lang].answer} ${answered[0]} · ${types[0][0]}`, fields(types[0][1].schema)) : []),
        ...part(say[lang].example, make("pre", {}, example(method, path, call))));
    const details = make("details", { id: call.operationId }, make("summary", {}, make("span", { className: "method " + method }, method.toUpperCase()), make("code", {}, path), make("span", { className: "says" }, lang === "zh" ? call.description : call.summary)));
    details.addEventListener("toggle", () => { if (details.open && details.children.length === 1) details.append(inside()); });
    return details;
}

function show() {
    const words = at("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    const groups = new Map();
    for (const [path, methods] of Object.entries(api.paths))
        for (const [method, call] of Object.entries(methods)) {
            const text = [path, method, call.summary, call.description, call["x-may"]].join(" ").toLowerCase();
            if (!words.every((word) => text.includes(word))) continue;
            const tag = (call.tags || [""])[0];
            if (!groups.has(tag)) groups.set(tag, []);
            groups.get(tag).push(callOf(path, method, call));
        }
    const list = [];
    for (const [tag, calls] of groups) list.push(make("h2", { id: "group-" + tag }, tag), ...calls);
    if (!list.length) list.push(make("p", {}, say[lang].none));
    if (!words.length) {
        list.push(make("h2", { id: "types" }, say[lang].types));
        for (const [name, schema] of Object.entries(api.components.schemas)) {
            const details = make("details", { id: "type-" + name }, make("summary", {}, make("code", {}, name), make("span", { className: "says" }, schema.description || "")));
            details.addEventListener("toggle", () => { if (details.open && details.children.length === 1) details.append(make("div", {}, fields(schema))); });
            list.push(details);
        }
    }
    at("groups").replaceChildren(...[...groups.keys()].map((tag) => make("a", { href: "#group-" + tag }, tag)), ...(words.length ? [] : [make("a", { href: "#types" }, say[lang].types)]));
    at("list").replaceChildren(make("p", {}, say[lang].wrong), ...list);
    open();
}

/* What the address names is opened, so that a link to a call or a type shows it. */
function open() {
    const wanted = location.hash && at(decodeURIComponent(location.hash.slice(1)));
    if (!wanted) return;
    if (wanted.tagName === "DETAILS") {
        wanted.open = true;
        wanted.dispatchEvent(new Event("toggle")); // its own comes later, when the page has been scrolled already
    }
    wanted.scrollIntoView();
}

function choose(which) {
    lang = which;
    localStorage.setItem("doorward.lang", which);
    document.documentElement.lang = which;
    at("zh").className = which === "zh" ? "on" : "";
    at("en").className = which === "en" ? "on" : "";
    at("find").placeholder = say[lang].find;
    at("about").replaceChildren(say[lang].about, make("a", { href: "openapi.json" }, "openapi.json"));
    if (api) show();
}

at("zh").addEventListener("click", () => choose("zh"));
at("en").addEventListener("click", () => choose("en"));
at("find").addEventListener("input", () => show());
window.addEventListener("hashchange", open);
choose(lang);
fetch("openapi.json").then((answer) => answer.json()).then((got) => {
    api = got;
    at("version").textContent = `API ${got.info.version} · OpenAPI ${got.openapi}`;
    show();
}).catch((error) => at("list").replaceChildren(make("p", {}, String(error))));

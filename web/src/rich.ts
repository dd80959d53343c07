// A small editor over the text area of a rich text: what it makes is cleaned by the server in any case.
import { island } from "./island";
import { word } from "./words";

const COMMANDS: Record<string, (area: HTMLElement) => void> = {
  bold: () => document.execCommand("bold"),
  italic: () => document.execCommand("italic"),
  list: () => document.execCommand("insertUnorderedList"),
  numbers: () => document.execCommand("insertOrderedList"),
  quote: () => document.execCommand("formatBlock", false, "blockquote"),
  heading: () => document.execCommand("formatBlock", false, "h3"),
  link: () => {
    const address = window.prompt(word("link-address"), "https://");
    if (address && /^(https?:|mailto:|tel:)/i.test(address)) document.execCommand("createLink", false, address);
  },
};

island("[data-rich]", (rich) => {
  const source = rich.querySelector("textarea");
  const template = rich.querySelector("template");
  if (!source || !template) return;
  const bar = document.createElement("div");
  bar.className = "rich-bar";
  bar.setAttribute("role", "toolbar");
  bar.append(template.content.cloneNode(true));
  const area = document.createElement("div");
  area.className = "rich-area prose";
  area.contentEditable = "true";
  area.dir = "auto";
  area.setAttribute("role", "textbox");
  area.setAttribute("aria-multiline", "true");
  area.setAttribute("aria-label", rich.closest(".field")?.querySelector(".field-label")?.textContent?.trim() ?? "");
  const described = source.getAttribute("aria-describedby");
  if (described) area.setAttribute("aria-describedby", described);
  // Parsed in a document of its own, where nothing runs or loads, and stripped of what could act.
  const load = () => {
    const parsed = new DOMParser().parseFromString(source.value, "text/html");
    for (const bad of parsed.querySelectorAll("script, style, iframe, object, embed, link, meta, form")) bad.remove();
    for (const node of parsed.querySelectorAll("*"))
      for (const { name, value } of [...node.attributes])
        if (name.startsWith("on") || name === "style" || /^\s*javascript:/i.test(value)) node.removeAttribute(name);
    area.replaceChildren(...parsed.body.childNodes);
  };
  load();
  document.execCommand("defaultParagraphSeparator", false, "p");
  for (const button of bar.querySelectorAll<HTMLButtonElement>("[data-command]")) {
    const name = button.dataset["command"] ?? "";
    const label = rich.dataset[`label${name.charAt(0).toUpperCase()}${name.slice(1)}`] ?? name;
    button.setAttribute("aria-label", label);
    button.dataset["tip"] = label;
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      area.focus();
      COMMANDS[name]?.(area);
      store();
    });
  }
  const store = () => {
    source.value = area.textContent?.trim() || area.querySelector("img") ? area.innerHTML : "";
    source.dispatchEvent(new Event("input", { bubbles: true }));
  };
  area.addEventListener("input", store);
  area.addEventListener("paste", (event) => {
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData?.getData("text/plain") ?? "");
  });
  source.addEventListener("draft", load);
  source.hidden = true;
  source.required = false;
  rich.prepend(bar, area);
  document.querySelector(`label[for="${CSS.escape(source.id)}"]`)?.addEventListener("click", () => area.focus());
});

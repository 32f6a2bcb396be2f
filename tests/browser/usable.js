// What a page looks like to those who have a small screen, a keyboard, or a voice that reads it aloud:
// mistakes, each in words. Run in the page.

const mistakes = [];
const name = (element) => {
    const id = element.id ? `#${element.id}` : element.parentElement?.closest("[id]")?.id ?? "";
    return `<${element.localName}> ${id} “${(element.textContent ?? "").trim().slice(0, 40)}”`;
};
const isShown = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
/** For screen readers alone. */
const isUnseen = (element) =>
    Boolean(element.closest(".unseen, .skip"))
    || (element.closest("thead") && getComputedStyle(element.closest("thead")).position === "absolute");

// Nothing is wider than the screen.
const width = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > width) {
    mistakes.push(`the page is ${document.documentElement.scrollWidth} pixels wide, of ${width}`);
}
for (const element of document.querySelectorAll("body *")) {
    const { right, left } = element.getBoundingClientRect();
    const isCut = element.closest(".line") || isUnseen(element);
    if (isShown(element) && !isCut && (right > width + 1 || left < -1)) {
        mistakes.push(`${name(element)} is out of the screen, from ${left} to ${right}`);
    }
}

// Headings: one of the first level, none left out.
let level = 0;
for (const heading of [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(isShown)) {
    const next = Number(heading.localName[1]);
    if (next > level + 1) mistakes.push(`${name(heading)} follows a heading of level ${level}`);
    level = next;
}
const first = document.querySelectorAll("h1").length;
if (first !== 1) mistakes.push(`${first} headings of the first level`);
if (!document.documentElement.lang) mistakes.push("no language");
if (document.querySelectorAll("main").length !== 1) mistakes.push("not one main part");
const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
ids.filter((id, index) => ids.indexOf(id) !== index).forEach((id) => mistakes.push(`two #${id}`));

// Text that can be read: WCAG 2, 1.4.3.
const channels = (color) => color.match(/[\d.]+/g).map(Number);
const luminance = (color) => {
    const [red, green, blue] = channels(color).map((it) => it / 255)
        .map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
        const color = getComputedStyle(at).backgroundColor;
        if ((channels(color)[3] ?? 1) === 1) return color;
    }
    return "rgb(255, 255, 255)";
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let read = 0;
while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const isText = texts.currentNode.data.trim() && !element.closest("script, noscript, :disabled");
    if (!isText || !isShown(element) || isUnseen(element)) continue;
    const pair = [getComputedStyle(element).color, ground(element)].map(luminance).sort();
    const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    read += 1;
    if (contrast < 4.5) mistakes.push(`${name(element)} has a contrast of ${contrast.toFixed(2)}`);
}
if (read < 20) mistakes.push(`only ${read} texts`);

// Things to press are big enough: WCAG 2.2, 2.5.8, but for links within a sentence.
for (const element of document.querySelectorAll("a, button, input, select, summary")) {
    if (!isShown(element) || isUnseen(element) || element.closest("p:not(.actions), dd")) continue;
    const pressed = element.closest("label") ?? element;
    const { width, height } = pressed.getBoundingClientRect();
    if (height < 24 || width < 24) mistakes.push(`${name(element)} is ${width} × ${height} pixels`);
}
return mistakes;

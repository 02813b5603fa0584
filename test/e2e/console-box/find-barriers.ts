// SPDX-License-Identifier: AGPL-3.0-only
import type { Page } from "playwright-core";

/**
 * What keeps people out of the page as it is now: controls without a name, headings out of order, references that lead
 * nowhere, colours too close to each other (WCAG 2.2 AA), targets under 24 pixels, things wider than the screen, and
 * style attributes, which the policy forbids. Each as one sentence; none is right.
 */
export async function findBarriers(page: Page): Promise<string[]> {
  // Runs in the browser: everything it uses must be inside.
  return page.evaluate(() => {
    const barriers: string[] = [];
    const isShown = (element: Element): boolean =>
      element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) &&
      element.getBoundingClientRect().width > 1;
    const shown = (selector: string): Element[] => [...document.querySelectorAll(selector)].filter(isShown);
    const describe = (element: Element): string => element.outerHTML.replace(/\s+/g, " ").slice(0, 120);

    function textOf(ids: string): string {
      return ids
        .split(" ")
        .map((id) => document.getElementById(id)?.textContent ?? "")
        .join(" ");
    }
    function nameOf(element: Element): string {
      const labels =
        element instanceof HTMLInputElement ||
        element instanceof HTMLSelectElement ||
        element instanceof HTMLTextAreaElement
          ? [...(element.labels ?? [])]
          : [];
      return [
        element.getAttribute("aria-label") ?? "",
        textOf(element.getAttribute("aria-labelledby") ?? ""),
        labels.map((label) => label.textContent).join(" "),
        element.matches("button, a, summary") ? (element.textContent ?? "") : "",
      ]
        .join(" ")
        .trim();
    }
    function checkNames(): void {
      for (const control of shown(
        "button, a[href], input, select, textarea, dialog, nav, [role=img], section[aria-label]",
      )) {
        if (nameOf(control) === "") barriers.push(`no name: ${describe(control)}`);
      }
      for (const picture of shown("svg")) {
        const isNamed = picture.getAttribute("role") === "img";
        if (!isNamed && picture.getAttribute("aria-hidden") !== "true") barriers.push(`picture: ${describe(picture)}`);
      }
      const regions = shown("nav").map(nameOf);
      if (new Set(regions).size < regions.length) barriers.push("two navigations of one name are shown");
    }
    function checkStructure(): void {
      const levels = shown("h1, h2, h3, h4").map((heading) => Number(heading.tagName.slice(1)));
      if (levels.filter((level) => level === 1).length !== 1) barriers.push("not exactly one h1");
      levels.forEach((level, index) => {
        if (level > (levels[index - 1] ?? 1) + 1)
          barriers.push(`heading of level ${level} after ${levels[index - 1] ?? 0}`);
      });
      if (document.querySelectorAll("main").length !== 1) barriers.push("not exactly one main");
      if (document.documentElement.lang === "") barriers.push("no language");
      if (document.title === "") barriers.push("no title");
      const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
      for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) barriers.push(`id twice: ${id}`);
      for (const attribute of ["aria-labelledby", "aria-describedby", "for"]) {
        for (const element of document.querySelectorAll(`[${attribute}]`)) {
          const missing = (element.getAttribute(attribute) ?? "").split(" ").filter((id) => !ids.includes(id));
          if (missing.length > 0) barriers.push(`${attribute} leads nowhere: ${describe(element)}`);
        }
      }
      for (const element of document.querySelectorAll("[style]"))
        barriers.push(`style attribute: ${describe(element)}`);
    }

    type Colour = readonly [number, number, number, number];
    function parseColour(text: string): Colour {
      const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
      return [red, green, blue, alpha];
    }
    function over(front: Colour, back: Colour): Colour {
      const mix = (index: 0 | 1 | 2): number => front[index] * front[3] + back[index] * (1 - front[3]);
      return [mix(0), mix(1), mix(2), 1];
    }
    function backgroundOf(element: Element): Colour {
      const layers: Colour[] = [];
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        layers.push(parseColour(getComputedStyle(at).backgroundColor));
        if (at instanceof HTMLDialogElement) break;
      }
      return layers.reverse().reduce<Colour>((back, front) => over(front, back), [255, 255, 255, 1]);
    }
    function luminance([red, green, blue]: Colour): number {
      const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    }
    function checkContrast(): void {
      const seen = new Set<string>();
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const element = node.parentElement;
        if (element === null || (node.textContent ?? "").trim() === "" || !isShown(element)) continue;
        if (element.closest(":disabled, .visually-hidden, option, .skip-link") !== null) continue;
        const style = getComputedStyle(element);
        const background = backgroundOf(element);
        const colour = over(parseColour(style.color), background);
        const [light, dark] = [luminance(colour), luminance(background)].sort((one, other) => other - one);
        const ratio = ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
        const sizePixels = Number.parseFloat(style.fontSize);
        const isLarge = sizePixels >= 24 || (sizePixels >= 18.66 && Number(style.fontWeight) >= 700);
        const said = `contrast ${ratio.toFixed(2)} of ${style.color} on ${background.slice(0, 3).map(Math.round).join(",")}`;
        if (ratio >= (isLarge ? 3 : 4.5) || seen.has(said)) continue;
        seen.add(said);
        barriers.push(`${said}: ${describe(element)}`);
      }
    }
    function checkSizes(): void {
      for (const target of shown(
        "button, select, input:not([type=checkbox]):not([type=radio]), textarea, nav a, .button",
      )) {
        const { width, height } = target.getBoundingClientRect();
        if (width < 24 || height < 24) barriers.push(`target of ${width} × ${height}: ${describe(target)}`);
      }
      const excess = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      if (excess > 0) barriers.push(`the page is ${excess} pixels wider than the screen`);
    }

    checkNames();
    checkStructure();
    checkContrast();
    checkSizes();
    return barriers;
  });
}

// SPDX-License-Identifier: AGPL-3.0-only
import { type ReadonlySignal, signal } from "@preact/signals";

/** Where the person is: `/conversations/abc` is page `conversations`, item `abc`; `/` is page `home`. */
export interface Route {
  readonly page: string;
  readonly item: string | undefined;
}

/** Addresses of the console, over the browser's history. */
export interface Router {
  readonly route: ReadonlySignal<Route>;
  navigate(path: string): void;
}

/** Takes an address apart. */
export function parseRoute(pathname: string): Route {
  const [page, item] = pathname.split("/").filter((part) => part !== "");
  return { page: page ?? "home", item: item === undefined ? undefined : decodeItem(item) };
}

function decodeItem(item: string): string {
  try {
    return decodeURIComponent(item);
  } catch {
    // A mistyped address: taken as it stands, and not found.
    return item;
  }
}

/** Follows the browser's address, and plain clicks on links within the console. */
export function createRouter(window: Window): Router {
  const route = signal(parseRoute(window.location.pathname));
  const navigate = (path: string): void => {
    if (path !== window.location.pathname) window.history.pushState(null, "", path);
    route.value = parseRoute(window.location.pathname);
    window.scrollTo(0, 0);
  };
  window.addEventListener("popstate", () => {
    route.value = parseRoute(window.location.pathname);
  });
  window.document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link === null || link.origin !== window.location.origin || link.hasAttribute("download")) return;
    if (link.target !== "" || link.hash !== "") return;
    event.preventDefault();
    navigate(link.pathname);
  });
  return { route, navigate };
}

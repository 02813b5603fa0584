// SPDX-License-Identifier: AGPL-3.0-only
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Session } from "../../../http-api/index.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { Brand } from "../ui/brand.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { roleName } from "../ui/role-name.ts";
import { useApp } from "./app-context.ts";
import { Header } from "./header.tsx";
import { type NavigationEntry, navigationEntries, pageAddress } from "./navigation-entries.ts";
import { useTexts } from "./use-texts.ts";

function NavigationLink(props: { readonly entry: NavigationEntry; readonly onFollow?: () => void }): JSX.Element {
  const texts = useTexts(commonTexts);
  const { page } = props.entry;
  const isCurrent = useApp().router.route.value.page === page;
  return (
    <a href={pageAddress(page)} onClick={props.onFollow} {...(isCurrent ? { "aria-current": "page" as const } : {})}>
      <Icon name={page} />
      <span>{texts[page]}</span>
    </a>
  );
}

function BottomBar(props: { readonly entries: readonly NavigationEntry[]; readonly session: Session }): JSX.Element {
  const texts = useTexts(commonTexts);
  const [isOpen, setOpen] = useState(false);
  const behindMore = props.entries.filter((entry) => !entry.isInBottomBar);
  return (
    <>
      <nav class="bottom-bar" aria-label={texts.navigation}>
        <ul>
          {props.entries
            .filter((entry) => entry.isInBottomBar)
            .map((entry) => (
              <li key={entry.page}>
                <NavigationLink entry={entry} />
              </li>
            ))}
          <li>
            <button type="button" aria-haspopup="dialog" onClick={() => setOpen(true)}>
              <Icon name="menu" />
              <span>{texts.more}</span>
            </button>
          </li>
        </ul>
      </nav>
      {isOpen ? (
        <Dialog title={texts.more} isDrawer onClose={() => setOpen(false)}>
          <div class="navigation">
            <ul>
              {behindMore.map((entry) => (
                <li key={entry.page}>
                  <NavigationLink entry={entry} onFollow={() => setOpen(false)} />
                </li>
              ))}
            </ul>
          </div>
          <SignedInAs session={props.session} />
        </Dialog>
      ) : null}
    </>
  );
}

function SignedInAs(props: { readonly session: Session }): JSX.Element {
  const app = useApp();
  const texts = useTexts(commonTexts);
  const { person } = props.session;
  return (
    <div class="sidebar-foot">
      <p class="small soft breakable">{[...new Set([person.name, roleName(texts, person.role)])].join(" · ")}</p>
      <Button isSmall onPress={() => void app.signOut()}>
        {texts.signOut}
      </Button>
    </div>
  );
}

/** Everything around a page: skip link, navigation, header, and the place where short notices appear. */
export function Shell(props: {
  readonly session: Session;
  readonly boxName: string | undefined;
  readonly children: ComponentChildren;
}): JSX.Element {
  const app = useApp();
  const texts = useTexts(commonTexts);
  const entries = navigationEntries(props.session.person.role);
  const main = useRef<HTMLElement>(null);
  const route = app.router.route.value;
  const isFirstRoute = useRef(true);
  // A new page begins at its heading, for the keyboard and the screen reader as for the eye.
  useEffect(() => {
    if (!isFirstRoute.current) main.current?.querySelector<HTMLElement>("h1")?.focus();
    isFirstRoute.current = false;
  }, [route.page, route.item]);
  return (
    <>
      <a class="skip-link" href="#main">
        {texts.skipToContent}
      </a>
      <div class="shell">
        <div class="sidebar">
          <Brand boxName={props.boxName} />
          <nav class="navigation" aria-label={texts.navigation}>
            <ul>
              {entries.map((entry) => (
                <li key={entry.page}>
                  <NavigationLink entry={entry} />
                </li>
              ))}
            </ul>
          </nav>
          <SignedInAs session={props.session} />
        </div>
        <div class="frame">
          <Header boxName={props.boxName} />
          <main id="main" class="main" ref={main} tabIndex={-1}>
            {props.children}
          </main>
          <BottomBar entries={entries} session={props.session} />
        </div>
      </div>
    </>
  );
}

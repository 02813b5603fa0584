// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { commonTexts } from "../i18n/common-texts.ts";
import type { Language } from "../i18n/define-texts.ts";
import { Brand } from "../ui/brand.tsx";
import { SelectField } from "../ui/select-field.tsx";
import { useApp } from "./app-context.ts";
import { useTexts } from "./use-texts.ts";

/** The strip on top: on a phone the brand, everywhere language and appearance. */
export function Header(props: { readonly boxName?: string | undefined }): JSX.Element {
  const app = useApp();
  const texts = useTexts(commonTexts);
  return (
    <header class="header">
      <Brand boxName={props.boxName} />
      <SelectField<Language>
        label={texts.language}
        isLabelHidden
        value={app.language.value}
        options={[
          { value: "en", text: "English" },
          { value: "zh", text: "简体中文" },
        ]}
        onChange={(language) => {
          app.language.value = language;
        }}
      />
      <SelectField
        label={texts.theme}
        isLabelHidden
        value={app.theme.value}
        options={[
          { value: "auto", text: texts.themeAuto },
          { value: "light", text: texts.themeLight },
          { value: "dark", text: texts.themeDark },
        ]}
        onChange={(theme) => {
          app.theme.value = theme;
        }}
      />
    </header>
  );
}

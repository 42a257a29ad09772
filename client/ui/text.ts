/** The texts as signals: a component that calls `t` is drawn again when the language or its catalogue changes. */
import { computed, effect, signal } from "@preact/signals";
import {
  type Catalogue,
  loadInsideTexts,
  loadOutsideTexts,
  loadPictureNames,
  type TextKey,
} from "../i18n/catalogue.ts";
import { first } from "../i18n/first.ts";
import { formatMessage, type MessageParams } from "../i18n/message.ts";
import { language } from "../state/language.ts";
import { opening, sideIsOpen } from "../state/route.ts";

export type { TextKey } from "../i18n/catalogue.ts";

const outside = signal<Catalogue>({});
const inside = signal<Catalogue>({});
/** 8 groups, then 64 pictures; empty until somebody needs them. */
export const pictureNames = signal<readonly string[]>([]);

const texts = computed<Catalogue>(() => ({ ...first[language.value], ...outside.value, ...inside.value }));

/** True when every text of this side of the lock is there. */
export const textsReady = computed(
  () => "help.title" in outside.value && (!sideIsOpen.value || Object.keys(inside.value).length > 0),
);

/** The text of a key in the person's language, filled in. Missing texts show as nothing rather than as a key. */
export function t(key: TextKey, params: MessageParams = {}): string {
  const template = texts.value[key];
  return template === undefined ? "" : formatMessage(template, params, language.value);
}

/** A date or time as this language writes it. */
export function formatDate(at: number, options: Intl.DateTimeFormatOptions): string {
  const region = { da: "da-DK", sv: "sv-SE", en: "en-GB" }[language.value];
  return new Intl.DateTimeFormat(region, options).format(at);
}

export const groupName = (group: number): string => pictureNames.value[group] ?? "";
/** As it is written under the picture: a long one says where it may be parted (a soft hyphen). */
export const writtenPictureName = (picture: number): string => pictureNames.value[8 + picture] ?? "";
export const pictureName = (picture: number): string => writtenPictureName(picture).replaceAll("\u00ad", "");

/** Loads catalogues as the language and the side of the lock ask for them; called once by the page's root. */
export function followTexts(): void {
  effect(() => {
    const wanted = language.value;
    const open = sideIsOpen.value || opening.value;
    void loadOutsideTexts(wanted).then((loaded) => {
      if (language.peek() === wanted) outside.value = loaded;
    });
    void loadPictureNames(wanted).then((loaded) => {
      if (language.peek() === wanted) pictureNames.value = loaded;
    });
    if (open) {
      void loadInsideTexts(wanted).then((loaded) => {
        if (language.peek() === wanted) inside.value = loaded;
      });
    }
  });
}

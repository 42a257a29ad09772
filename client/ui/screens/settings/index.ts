export { About } from "./about.tsx";
export { SettingsLanguage } from "./language.tsx";
export { Licences } from "./licences.tsx";
export { SettingsLook } from "./look.tsx";
export { SettingsSafety } from "./safety.tsx";
export { Settings } from "./settings.tsx";
export { Statement } from "./statement.tsx";
export { Storage } from "./storage.tsx";

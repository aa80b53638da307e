/** Translations for Media Chrome, set before its elements are created. */
import { addTranslation, setLanguage } from "media-chrome/dist/utils/i18n.js";
import { translations } from "../lib/texts.js";

// The page's language, not the browser's, which Media Chrome would take.
const { lang } = document.documentElement;
if (translations) addTranslation(lang, translations);
setLanguage(lang);

/** Media Chrome looks its words up by the same English; before its elements are made. */
import { addTranslation, setLanguage } from "media-chrome/dist/utils/i18n.js";
import { words } from "../lib/words.js";

// Not the browser's language, which it takes by itself.
const { lang } = document.documentElement;
if (words) addTranslation(lang, words);
setLanguage(lang);

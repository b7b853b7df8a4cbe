// How many columns of a terminal a text takes. @std/cli/unicode-width says it too, but the npm copy
// of std that deno.json names comes without the table that it reads.

// East Asian Width W and F (Unicode Standard Annex #11): Hangul, Chinese characters, kana, full-width
// forms; and what is shown as a picture, save the letters that flags are made of in pairs.
const WIDE =
  /(?![\u{1f1e6}-\u{1f1ff}])[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u3247\u3250-\u4dbf\u4e00-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d08}\u{1aff0}-\u{1b2fb}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;
// What joins the character before it: marks, format characters (the soft hyphen aside), and the vowels
// and final consonants of Hangul written in pieces.
const JOINING = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]/u;

/** The columns that one character takes: 0, 1 or 2. Control characters are for the caller to replace. */
export function characterWidth(character: string): number {
  if (character <= "~") return 1; // the most frequent case
  if (WIDE.test(character)) return 2;
  return JOINING.test(character) && character !== "\u00ad" ? 0 : 1;
}

/** The columns that a text without control characters takes. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

// Text that was read in a wrong encoding, brought back. Page 003 of the course is in UTF-8, but was read
// as windows-1253 (Greek) and saved again, and the bytes that mean nothing there were dropped: of three
// bytes of a Hangul syllable one or two are lost. What is left says which words of that page they were.

/** The words of the page's outlines, and their endings. */
const WORDS = (
  "소켓 클라이언트 리스트 추가 삭제 있는 모든 메세지 전송 받은 적절히 가공한 뒤 전달 해당 통해 서버 객체 생성 종료 위한 " +
  "시그널핸들러 채팅 시작 입력받은 콘솔 출력 에게 에서 로부터 를 을 은 에 로"
).split(" ");

/** The bytes that came through, by the character that was made of each. */
const BYTES = new Map(
  Array.from({ length: 256 }, (_, byte) => {
    return [new TextDecoder("windows-1253").decode(new Uint8Array([byte])), byte] as const;
  }).filter(([character]) => !/[\ufffd\x80-\x9f\xad]/.test(character)),
);

/** What is left of a word: its bytes that came through, as characters with these codes. */
function remains(word: string): string {
  const kept = new Set(BYTES.values());
  const bytes = new TextEncoder().encode(word).filter((byte) => kept.has(byte));
  return String.fromCharCode(...bytes);
}

const BY_REMAINS = new Map(WORDS.map((word) => [remains(word), word]));
const REMAINS = new RegExp(
  [...BY_REMAINS.keys()].sort((a, b) => b.length - a.length).join("|"), // the longest first
  "g",
);

/**
 * The text as it was, if it is Hangul that was read as Greek; otherwise as it stands. What can't be told
 * any more becomes `\ufffd`.
 */
export function repair(text: string): string {
  const bytes = Array.from(text, (character) => BYTES.get(character));
  if (!/[\u0370-\u03ff]/.test(text) || !bytes.every((byte) => byte !== undefined)) return text;
  const repaired = bytes.map((byte) => String.fromCharCode(byte)).join("")
    .replace(/[\x80-\xff]+/g, (run) => words(run) ?? decode(run));
  return /[가-힣]/.test(repaired) ? repaired : text; // it is Greek
}

/** The words that remained as `run`, if they are all known. */
function words(run: string): string | undefined {
  const unknown = run.replace(REMAINS, "");
  return unknown === "" ? run.replace(REMAINS, (word) => BY_REMAINS.get(word) ?? "") : undefined;
}

function decode(bytes: string): string {
  const decoded = new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  return decoded.replace(/\ufffd+/g, "\ufffd");
}

import { wordsIn } from "./word-counts.ts";

/**
 * Titles that generators give boxes without a title of the author's, in the languages that Starlight,
 * VitePress, Docusaurus, MkDocs and Sphinx come with. A label that neither side needs hides no text.
 */
const LABELS = [
  "Note, Notes, Tip, Tips, Hint, Info, Information, Important, Warning, Warnings, Caution, Danger, Error",
  "Attention, Example, Examples, Quote, Question, FAQ, Success, Failure, Bug, Abstract, Summary, Todo",
  "Details, Deprecated, See also",
  "Hinweis, Tipp, Achtung, Wichtig, Warnung, Vorsicht, Gefahr, Fehler, Beispiel, Anmerkung, Siehe auch",
  "Remarque, Astuce, Conseil, Avertissement, Erreur, Exemple, Prudence, Voir aussi, À noter",
  "Nota, Consejo, Sugerencia, Atención, Advertencia, Precaución, Peligro, Importante, Ejemplo, Aviso",
  "Ver también, Véase también, Dica, Atenção, Cuidado, Perigo, Informação, Exemplo, Veja também, Aviso",
  "Suggerimento, Consiglio, Attenzione, Avvertenza, Avviso, Pericolo, Informazione, Esempio, Vedi anche",
  "Opmerking, Waarschuwing, Let op, Pas op, Gevaar, Belangrijk, Voorbeeld, Zie ook",
  "Bemærk, Advarsel, Fare, Vigtigt, Eksempel, Se også, Merk, Viktig",
  "Obs, Varning, Fara, Viktigt, Exempel, Se även, Huomautus, Huomaa, Vinkki, Varoitus, Vaara, Tärkeää",
  "Uwaga, Wskazówka, Ostrzeżenie, Niebezpieczeństwo, Ważne, Przykład, Zobacz także",
  "Poznámka, Varování, Upozornění, Nebezpečí, Důležité, Příklad, Viz také",
  "Megjegyzés, Figyelmeztetés, Veszély, Fontos, Példa, Lásd még, Notă, Sfat, Atenție, Pericol, Vezi și",
  "Not, İpucu, Uyarı, Dikkat, Tehlike, Önemli, Örnek, Bilgi, Ayrıca bakınız",
  "Примечание, Заметка, Совет, Подсказка, Внимание, Предупреждение, Осторожно, Опасность, Важно, Пример",
  "Информация, См. также, Примітка, Порада, Увага, Попередження, Обережно, Небезпека, Важливо, Приклад",
  "Σημείωση, Συμβουλή, Προσοχή, Προειδοποίηση, Κίνδυνος, Σημαντικό, Παράδειγμα",
  "הערה, טיפ, אזהרה, סכנה, שימו לב, זהירות, ملاحظة, نصيحة, تنبيه, تحذير, تنويه, خطر, مهم, معلومات",
  "नोट, सुझाव, चेतावनी, खतरा, महत्वपूर्ण, ノート, ヒント, 注意, 注釈, 警告, 危険, 重要, 例, 情報, 備考, メモ, 参考",
  "注, 注释, 提示, 危险, 示例, 信息, 参见, 小心, 详细信息, 備註, 注記, 資訊, 危險, 詳細資訊",
  "노트, 팁, 주의, 경고, 위험, 중요, 정보, 참고, 예시, Catatan, Kiat, Peringatan, Bahaya, Penting",
  "Ghi chú, Mẹo, Cảnh báo, Chú ý, Nguy hiểm, Quan trọng, Thông tin, Lưu ý",
].flatMap((line) => line.split(", "));

const keyOf = (words: readonly string[]): string => words.join(" ");

const KEYS = new Set(LABELS.map((label) => keyOf(wordsIn(label))));

/** More words than any label has; Chinese and Japanese count by character. */
const LONGEST = 5;

/** Whether the words of a block are a title that a generator gives to a box without one. */
export const isDefaultLabel = (words: readonly string[]): boolean =>
  words.length <= LONGEST && KEYS.has(keyOf(words));

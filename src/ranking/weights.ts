/** The fields of a section. */
export const FIELDS = ["title", "heading", "trail", "prose", "code"] as const;
export type Field = (typeof FIELDS)[number];

/** The settings of the ranking. */
export interface RankingWeights {
  /** How much a word counts in each field. */
  readonly fields: Readonly<Record<Field, number>>;
  /** How much the length of each field counts against its words, 0 to 1 (`b` of BM25). */
  readonly lengths: Readonly<Record<Field, number>>;
  /** What another regular form of an English word keeps of its weight: less than 1. */
  readonly form: number;
  /** What an edit in the spelling leaves of a word's weight. */
  readonly edit: number;
  /** Weight of a word that only begins with that of the question. */
  readonly beginning: number;
  /** Weight of each part of a name whose whole is known; 1 where it is not. */
  readonly part: number;
  /** What two neighbours in the question add where they are near each other, as a share of their idf. */
  readonly nearness: number;
  /** What a heading that says the question and no more adds, as a share of the words' idf. */
  readonly named: number;
  /** How much the further sections of a page add to its best. */
  readonly page: number;
}

/**
 * BM25F (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009) with
 * weights that were measured on the questions of ten documentation sites; `npm run bench:relevance`
 * measures them again with one site left out each time.
 */
export const WEIGHTS: RankingWeights = {
  fields: { title: 3, heading: 5, trail: 1, prose: 1, code: 0.5 },
  lengths: { title: 0.5, heading: 0.75, trail: 0.75, prose: 0.75, code: 0.75 },
  form: 0.9,
  edit: 0.7,
  beginning: 0.5,
  part: 0.5,
  nearness: 0.15,
  named: 1,
  page: 0.3,
};

/** How soon more of a word in a section stops to count (`k1` of BM25, its usual value). */
export const K1 = 1.2;

/** Two words within so many positions of each other are near. */
export const NEAR = 3;

/** More sections of a page add nothing to its score. */
export const PAGE_SECTIONS = 8;

/** Words of a question that count; what follows is pasted text. */
export const MAX_WORDS = 12;

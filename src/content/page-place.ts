/** What a page's place says. */
export interface PagePlace {
  readonly locale: string | null;
  readonly version: string | null;
  /** The part of the page's id that `path` stands for, maybe all of it; "": nothing. */
  readonly folder: string;
  /** What stands for `folder` in the URL; null: the folder itself. */
  readonly path: string | null;
}

/** That of a page whose folder says nothing. */
export const NO_PLACE: PagePlace = { locale: null, version: null, folder: "", path: null };

/** Where the pages of a site are, and what to tell its author. */
export interface PagePlaces {
  readonly placeOf: (id: string) => PagePlace;
  readonly warning: string | null;
}

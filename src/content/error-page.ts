/** Ids of the page of a site, or of one of its languages and versions, for addresses that do not exist. */
export const ERROR_PAGE: RegExp =
  /^(?:[a-z]{2,3}(?:-\w+)?\/)?(?:(?:v?\d[\w.-]*|latest|stable|next|dev)\/)?404(?:\/index)?\.\w+$/i;

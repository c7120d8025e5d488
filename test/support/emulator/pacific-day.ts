const DATE = new Intl.DateTimeFormat("en-CA", {
  timeZone: "America/Los_Angeles",
  dateStyle: "short",
});

/**
 * The date of an instant (milliseconds since the epoch) in the time zone where daily quotas reset at
 * midnight: https://ai.google.dev/gemini-api/docs/rate-limits
 */
export const pacificDay = (at: number): string => DATE.format(at);

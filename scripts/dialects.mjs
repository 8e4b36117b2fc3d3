const DIALECTS = ['sqlite', 'postgres']

/**
 * The databases that tests run on, by the variable `DIALECTS`; default both.
 *
 * @throws {Error} for any other name
 */
export function wantedDialects() {
  const wanted = process.env.DIALECTS?.split(',') ?? DIALECTS
  if (wanted.every((name) => DIALECTS.includes(name))) return wanted
  throw new Error(`DIALECTS is sqlite, postgres or sqlite,postgres, not ${wanted.join()}`)
}

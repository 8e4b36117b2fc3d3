import { expect, it } from 'vitest'
import { normaliseWhere } from './where.js'

it.each([
  [`status = 'Queued'`, `(status = 'Queued'::text)`],
  ['retired_at is null', '(retired_at IS NULL)'],
  [
    `a = 1 and b is not null and c <> '(''x  Y'''`,
    `((a = 1) AND (b IS NOT NULL) AND ("c" <> '(''x  Y'''::character varying(9)))`,
  ],
  ['(a = 1 or b = 2) and c != 3', '(((a = 1) OR (b = 2)) AND (c <> 3))'],
  ['not (a = 1 or b = 2)', '(NOT ((a = 1) OR (b = 2)))'],
  [`lower(name) > 'a'`, `(lower(name) > 'a'::text)`],
  ['a  =\n  1', '(a = (1)::bigint)'],
])('%s is the same as PostgreSQL writes it', (written, read) => {
  expect(normaliseWhere(read)).toBe(normaliseWhere(written))
  expect(normaliseWhere(normaliseWhere(written))).toBe(normaliseWhere(written))
})

it.each([
  [`status = 'queued'`, `status = 'Queued'`],
  ['a = 1 and (b = 2 or c = 3)', '(a = 1 and b = 2) or c = 3'],
  ['not (a = 1 and b = 2)', 'not a = 1 and b = 2'],
  ['a is null', 'a is not null'],
  ['(a + b) * 2 = 6', 'a + b * 2 = 6'],
])('%s is not the same as %s', (one, other) => {
  expect(normaliseWhere(one)).not.toBe(normaliseWhere(other))
})

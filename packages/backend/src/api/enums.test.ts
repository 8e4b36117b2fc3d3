import type * as wire from '@latchkey/types'
import { expect, expectTypeOf, it } from 'vitest'
import type * as theirEnums from '../../../../node_modules/@clerk/backend/dist/api/resources/Enums.js'
import type * as theirs from '../../../../node_modules/@clerk/backend/dist/api/resources/JSON.js'
import { ActorTokenStatus, DomainsEnrollmentModes, ObjectType } from '../index.js'

it('has each kind of resource once, and all that the wire types name', () => {
  expect(new Set(Object.values(ObjectType)).size).toBe(Object.keys(ObjectType).length)
  expectTypeOf<wire.ObjectType>().toExtend<ObjectType>()
  expectTypeOf<typeof ObjectType.M2MToken>().toEqualTypeOf<'machine_to_machine_token'>()
})

it('has the kinds that @clerk/backend has, under its names', { meta: { checkedBy: 'compiler' } }, () => {
  expectTypeOf<typeof ObjectType>().toExtend<typeof theirs.ObjectType>()
})

it('has the values of the enums as @clerk/backend and the wire types name them', () => {
  expect(Object.values(ActorTokenStatus)).toEqual(['pending', 'accepted', 'revoked'])
  expect(Object.values(DomainsEnrollmentModes)).toEqual([
    'manual_invitation',
    'automatic_invitation',
    'automatic_suggestion',
  ])
  expectTypeOf<typeof ActorTokenStatus>().toEqualTypeOf<typeof theirEnums.ActorTokenStatus>()
  expectTypeOf<typeof DomainsEnrollmentModes>().toEqualTypeOf<typeof theirEnums.DomainsEnrollmentModes>()
  expectTypeOf<ActorTokenStatus>().toEqualTypeOf<wire.ActorTokenStatus>()
  expectTypeOf<DomainsEnrollmentModes>().toEqualTypeOf<wire.DomainsEnrollmentModes>()
})

import type * as wire from '@latchkey/types'
import { expect, expectTypeOf, it } from 'vitest'
import { ActorTokenStatus, ObjectType, type DomainsEnrollmentModes } from '../index.js'

it('has each kind of resource once, and all that the wire types name', () => {
  expect(new Set(Object.values(ObjectType)).size).toBe(Object.keys(ObjectType).length)
  expectTypeOf<wire.ObjectType>().toExtend<ObjectType>()
  expectTypeOf<typeof ObjectType.M2MToken>().toEqualTypeOf<'machine_to_machine_token'>()
})

it('has the values of the enums as the wire types name them', () => {
  expect(Object.values(ActorTokenStatus)).toEqual(['pending', 'accepted', 'revoked'])
  expectTypeOf<ActorTokenStatus>().toEqualTypeOf<wire.ActorTokenStatus>()
  expectTypeOf<DomainsEnrollmentModes>().toEqualTypeOf<wire.DomainsEnrollmentModes>()
})

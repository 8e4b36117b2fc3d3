import { endpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { keyedListQuery } from '../organization-permissions/organization-permissions.wire.js'
import type { RoleSetMoveService } from './role-set-moves.service.js'
import type { RoleSetService } from './role-sets.service.js'
import { addRoles, createRoleSet, replaceRole, replaceRoleSet, roleSet, updateRoleSet } from './role-sets.wire.js'

const endpoint = endpointFactory<{ roleSets: RoleSetService; roleSetMoves: RoleSetMoveService }>()
const access = 'secret_key'

export const roleSetEndpoints = [
  endpoint(
    'GET /role_sets',
    { operationId: 'ListRoleSets', access, query: keyedListQuery, answer: roleSet, list: 'page' },
    ({ query, services }) => services.roleSets.list(query),
  ),

  endpoint(
    'POST /role_sets',
    { operationId: 'CreateRoleSet', access, body: createRoleSet, answer: roleSet },
    ({ body, caller, services }) => services.roleSets.create(body, caller),
  ),

  endpoint(
    'GET /role_sets/:role_set_key_or_id',
    { operationId: 'GetRoleSet', access, answer: roleSet },
    ({ params, services }) => services.roleSets.get(params.roleSetKeyOrId),
  ),

  endpoint(
    'PATCH /role_sets/:role_set_key_or_id',
    { operationId: 'UpdateRoleSet', access, body: updateRoleSet, answer: roleSet },
    ({ params, body, caller, services }) => services.roleSets.update(params.roleSetKeyOrId, body, caller),
  ),

  endpoint(
    'POST /role_sets/:role_set_key_or_id/replace',
    { operationId: 'ReplaceRoleSet', access, body: replaceRoleSet, answer: deleted('role_set') },
    ({ params, body, caller, services }) => services.roleSetMoves.replaceSet(params.roleSetKeyOrId, body, caller),
  ),

  endpoint(
    'POST /role_sets/:role_set_key_or_id/roles',
    { operationId: 'AddRolesToRoleSet', access, body: addRoles, answer: roleSet },
    ({ params, body, caller, services }) => services.roleSets.addRoles(params.roleSetKeyOrId, body, caller),
  ),

  endpoint(
    'POST /role_sets/:role_set_key_or_id/roles/replace',
    { operationId: 'ReplaceRoleInRoleSet', access, body: replaceRole, answer: roleSet },
    ({ params, body, caller, services }) => services.roleSetMoves.replaceRole(params.roleSetKeyOrId, body, caller),
  ),
]

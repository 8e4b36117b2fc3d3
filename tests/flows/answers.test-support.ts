import type { Misuse } from './walk.test-support.js'

export type Answers = Partial<Record<Misuse, string[]>>

const OTHER_FIRST_FACTORS = [
  '400 ticket_invalid_code',
  '400 verification_strategy_invalid',
  '422 form_param_value_invalid strategy',
  '422 form_password_incorrect password',
]
const NOT_FOUND = ['404 resource_not_found']
const NOT_NOW = ['400 client_state_invalid']
const TICKET_EXPIRED = ['400 ticket_expired_code']
const NOT_BEGUN = ['400 session_reverification_missing']
const NO_MEMBER = ['404 organization_not_found_or_unauthorized']
const NO_TICKET_FOR_THEM = ['422 form_conditional_param_missing identifier', '422 form_param_value_invalid strategy']

/** A link in a mail. */
const LINK: Answers = {
  'in another browser': ['303 client_mismatch'],
  'with the proof of another attempt': ['303 client_mismatch'],
  'with the fields of other strategies': ['422 form_param_missing token'],
  'too late': ['303 expired'],
  again: ['303 failed'],
}

/** A step of a sign-in or a sign-up. */
const OWN_ATTEMPT: Answers = {
  'in another browser': NOT_FOUND,
  'once another attempt has replaced it': ['403 resource_forbidden'],
  again: NOT_NOW,
}

/** A step of proving oneself again. */
const REVERIFICATION: Answers = {
  'in another browser': NOT_FOUND,
  'too late': NOT_BEGUN,
  again: ['400 invalid_action_for_session_reverification'],
}

/** What an address, a number or a domain is proved with. */
const VERIFIED_ONCE: Answers = {
  'with the proof of another attempt': ['422 form_code_incorrect code'],
  'with the fields of other strategies': ['422 form_param_missing code'],
  'too late': ['400 verification_expired'],
  again: ['400 verification_already_verified'],
}

/** A code that was sent, or that an app shows. */
const CODE: Answers = {
  'with the proof of another attempt': ['422 form_code_incorrect code'],
  'with the fields of other strategies': ['422 form_param_missing code'],
}

/**
 * What each misuse of a flow is answered with, as docs/frontend-api has it: status, code, and the parameter that is named.
 * Of links it is how the page is told. Two are no errors: ending what is over, and a touch that names no organization.
 */
export const answers: Readonly<Record<string, Answers>> = {
  'sign-in with a password': {
    ...OWN_ATTEMPT,
    'too early': NOT_NOW,
    'with the proof of another attempt': ['422 form_password_incorrect password'],
    'with the fields of other strategies': ['422 form_param_missing password'],
    'with other strategies': [
      '400 ticket_invalid_code',
      '400 verification_missing',
      '422 form_param_value_invalid strategy',
    ],
    'too late': NOT_NOW,
  },
  'sign-in with a code by mail': {
    ...OWN_ATTEMPT,
    ...CODE,
    'too early': ['400 client_state_invalid', '400 verification_missing'],
    'with other strategies': OTHER_FIRST_FACTORS,
    'too late': ['400 verification_expired'],
  },
  'sign-in with a code by text message': {
    ...OWN_ATTEMPT,
    ...CODE,
    'too early': ['400 verification_missing'],
    'with other strategies': OTHER_FIRST_FACTORS,
    'too late': ['400 verification_expired'],
  },
  'sign-in with a link by mail': {
    ...LINK,
    'too early': ['400 verification_strategy_invalid'],
  },
  'sign-in with a passkey': {
    ...OWN_ATTEMPT,
    'too early': ['400 verification_missing'],
    'with the proof of another attempt': ['404 passkey_not_registered'],
    'with the fields of other strategies': ['422 form_param_missing public_key_credential'],
    'with other strategies': OTHER_FIRST_FACTORS,
    'too late': ['400 verification_expired'],
  },
  'sign-in with a passkey alone': {
    ...OWN_ATTEMPT,
    'too early': ['400 verification_strategy_invalid'],
    'with the proof of another attempt': ['400 passkey_authentication_failure'],
    'with the fields of other strategies': ['422 form_param_missing public_key_credential'],
    'with other strategies': [
      '400 ticket_invalid_code',
      '400 verification_strategy_invalid',
      '422 form_param_value_invalid strategy',
    ],
    'too late': ['400 verification_expired'],
  },
  'second factor by an app': {
    ...OWN_ATTEMPT,
    ...CODE,
    'too early': NOT_NOW,
    'with other strategies': ['400 strategy_for_user_invalid', '422 form_param_value_invalid strategy'],
    'too late': NOT_NOW,
  },
  'second factor by a backup code': {
    ...OWN_ATTEMPT,
    ...CODE,
    'too early': NOT_NOW,
    'with other strategies': [
      '400 strategy_for_user_invalid',
      '422 form_code_incorrect code',
      '422 form_param_value_invalid strategy',
    ],
    'too late': NOT_NOW,
  },
  'second factor by text message': {
    ...OWN_ATTEMPT,
    ...CODE,
    'too early': ['400 client_state_invalid', '400 verification_missing'],
    'with other strategies': [
      '400 strategy_for_user_invalid',
      '422 form_code_incorrect code',
      '422 form_param_value_invalid strategy',
    ],
    'too late': ['400 verification_expired'],
  },
  'a code for a new browser': {
    ...OWN_ATTEMPT,
    ...CODE,
    'too early': ['400 client_state_invalid', '400 strategy_for_user_invalid', '400 verification_missing'],
    'with other strategies': ['400 strategy_for_user_invalid', '422 form_param_value_invalid strategy'],
    'too late': ['400 verification_expired'],
  },
  'a code for a new password': {
    ...OWN_ATTEMPT,
    ...CODE,
    'too early': ['400 client_state_invalid', '400 verification_missing'],
    'with other strategies': OTHER_FIRST_FACTORS,
    'too late': ['400 verification_expired'],
  },
  'a new password': {
    ...OWN_ATTEMPT,
    'too early': NOT_NOW,
    'too late': NOT_NOW,
  },
  'sign-up with a code by mail': {
    ...OWN_ATTEMPT,
    ...CODE,
    'too early': ['400 verification_missing', '400 verification_strategy_invalid'],
    'with other strategies': [
      '400 verification_missing',
      '400 verification_strategy_invalid',
      '422 form_param_value_invalid strategy',
    ],
    'too late': ['400 verification_expired'],
  },
  'sign-up with a code by text message': {
    ...OWN_ATTEMPT,
    ...CODE,
    'too early': ['400 verification_missing'],
    'with other strategies': [
      '400 verification_missing',
      '400 verification_strategy_invalid',
      '422 form_param_value_invalid strategy',
    ],
    'too late': ['400 verification_expired'],
  },
  'sign-up with a link by mail': {
    ...LINK,
    'too early': ['400 verification_strategy_invalid'],
  },
  'sign-up that takes over what a sign-in has proved': {
    'too early': ['400 account_transfer_invalid'],
    again: ['400 session_exists'],
  },
  'sign-up that lacks a field': {
    'too early': ['400 verification_missing', '422 form_password_length_too_short password'],
    'in another browser': NOT_FOUND,
    'too late': ['410 sign_up_outdated_verification'],
    again: NOT_NOW,
  },
  'sign-in with a token of the application': {
    'too early': ['400 sign_in_token_not_in_sign_in_code'],
    'with the fields of other strategies': ['422 form_conditional_param_missing ticket'],
    'with other strategies': NO_TICKET_FOR_THEM,
    'too late': TICKET_EXPIRED,
    again: ['400 sign_in_token_already_used_code'],
  },
  'sign-in for somebody else': {
    'too early': ['400 actor_token_not_in_sign_in_code'],
    'with the fields of other strategies': ['422 form_conditional_param_missing ticket'],
    'with other strategies': NO_TICKET_FOR_THEM,
    'too late': TICKET_EXPIRED,
    again: ['400 actor_token_already_used_code'],
  },
  'sign-up with an invitation': {
    'too early': ['400 invitation_account_not_exists'],
    'too late': TICKET_EXPIRED,
    again: ['400 session_exists'],
  },
  'sign-up with an invitation to an organization': {
    'too early': ['400 invitation_account_not_exists'],
    'too late': TICKET_EXPIRED,
    again: ['400 session_exists'],
  },
  'sign-in with an invitation to an organization': {
    'too early': ['400 invitation_account_not_exists'],
    'with the fields of other strategies': ['422 form_conditional_param_missing ticket'],
    'with other strategies': NO_TICKET_FOR_THEM,
    'too late': TICKET_EXPIRED,
    again: ['400 organization_invitation_already_accepted'],
  },
  'opening the link of an invitation to an organization': {
    'too early': ['400 ticket_invalid_code'],
    'too late': TICKET_EXPIRED,
    again: ['400 organization_invitation_already_accepted'],
  },
  'opening the link of an agent task': {
    'too early': ['400 agent_task_not_in_sign_in'],
    'too late': TICKET_EXPIRED,
    again: ['400 agent_task_already_used'],
  },
  'proving oneself again with a password': {
    ...REVERIFICATION,
    'too early': ['400 invalid_action_for_session_reverification', '400 session_reverification_missing'],
    'with the proof of another attempt': ['422 form_password_incorrect password'],
    'with the fields of other strategies': ['422 form_param_missing password'],
    'with other strategies': ['400 verification_missing', '422 form_param_value_invalid strategy'],
  },
  'proving oneself again with a code by mail': {
    ...REVERIFICATION,
    ...CODE,
    'too early': ['400 session_reverification_missing', '400 verification_missing'],
    'with other strategies': ['422 form_param_value_invalid strategy', '422 form_password_incorrect password'],
  },
  'proving a second factor again': {
    ...REVERIFICATION,
    ...CODE,
    'too early': ['400 invalid_action_for_session_reverification', '400 session_reverification_missing'],
    'with other strategies': ['400 strategy_for_user_invalid', '422 form_param_value_invalid strategy'],
  },
  'proving an added address': {
    ...VERIFIED_ONCE,
    'too early': ['400 verification_missing', '422 form_verification_needed primary_email_address_id'],
    'in another browser': NOT_FOUND,
  },
  'proving an added address by a link': {
    ...LINK,
    'too early': ['400 verification_missing'],
  },
  'proving an added number': {
    ...VERIFIED_ONCE,
    'too early': [
      '400 identification_update_second_factor_unverified',
      '400 verification_missing',
      '422 form_conditional_param_disallowed default_second_factor',
    ],
    'in another browser': NOT_FOUND,
  },
  'removing an address': {
    'too early': ['400 last_required_identification_deletion_failed'],
    'in another browser': NOT_FOUND,
    again: NOT_FOUND,
  },
  'removing a number': {
    'too early': NOT_FOUND,
    'in another browser': NOT_FOUND,
    again: NOT_FOUND,
  },
  'confirming an authenticator app': {
    'too early': NOT_FOUND,
    'with the fields of other strategies': ['422 form_param_missing code'],
    'too late': ['422 form_code_incorrect code'],
    again: ['400 totp_already_enabled'],
  },
  'adding a passkey': {
    'too early': ['422 passkey_identification_not_verified'],
    'in another browser': NOT_FOUND,
    'with the proof of another attempt': ['400 passkey_registration_failure'],
    'with the fields of other strategies': ['422 form_param_missing public_key_credential'],
    'with other strategies': ['422 form_param_value_invalid strategy'],
    'too late': ['400 passkey_invalid_verification'],
    again: ['400 passkey_invalid_verification'],
  },
  'changing a password, behind the gate': {
    'too early': ['422 form_new_password_matches_current new_password'],
    'too late': ['403 session_reverification_required'],
    again: ['422 form_new_password_matches_current new_password'],
  },
  'changing a password with the current one': {
    'too early': ['422 form_param_missing current_password'],
    'with the fields of other strategies': ['422 form_param_missing current_password'],
    again: ['422 form_password_incorrect current_password'],
  },
  'the task to replace a password': {
    'too early': ['400 password_required'],
    again: ['422 form_new_password_matches_current new_password'],
  },
  'the task to choose an organization': {
    'too early': NO_MEMBER,
    'in another browser': NOT_FOUND,
    'with the proof of another attempt': NO_MEMBER,
    'with the fields of other strategies': ['200 good'],
    again: ['200 good'],
  },
  'removing a password': {
    'too early': ['422 form_param_missing current_password'],
    'with the fields of other strategies': ['422 form_param_missing current_password'],
    again: ['400 no_password_set'],
  },
  'revoking a session': {
    'too early': NOT_FOUND,
    'in another browser': NOT_FOUND,
    again: ['200 good'],
  },
  'accepting an invitation to an organization': {
    'too early': ['404 organization_invitation_not_found'],
    'in another browser': ['404 organization_invitation_not_found'],
    'too late': TICKET_EXPIRED,
    again: ['400 organization_invitation_already_accepted'],
  },
  'revoking an invitation to an organization': {
    'too early': NOT_FOUND,
    'in another browser': NO_MEMBER,
    again: ['404 organization_invitation_not_pending'],
  },
  'the decision to accept who wants to join': {
    'too early': NOT_FOUND,
    'in another browser': NO_MEMBER,
    again: NOT_FOUND,
  },
  'the decision to reject who wants to join': {
    'too early': NOT_FOUND,
    'in another browser': NO_MEMBER,
    again: NOT_FOUND,
  },
  'asking to join an organization': {
    'too early': NOT_FOUND,
    'in another browser': NOT_FOUND,
    again: ['400 organization_suggestion_already_accepted'],
  },
  'proving a domain': {
    ...VERIFIED_ONCE,
    'too early': ['400 verification_missing'],
    'in another browser': NO_MEMBER,
  },
  'a link for a new browser': {
    ...LINK,
    'too early': ['400 verification_strategy_invalid'],
  },
  'a code by text message for a new password': {
    ...OWN_ATTEMPT,
    ...CODE,
    'too early': ['400 client_state_invalid', '400 verification_missing'],
    'with other strategies': OTHER_FIRST_FACTORS,
    'too late': ['400 verification_expired'],
  },
  'proving oneself again with a passkey': {
    ...REVERIFICATION,
    'too early': ['400 session_reverification_missing', '400 verification_missing'],
    'with the proof of another attempt': ['404 passkey_not_registered'],
    'with the fields of other strategies': ['422 form_param_missing public_key_credential'],
    'with other strategies': [
      '400 verification_strategy_invalid',
      '422 form_param_value_invalid strategy',
      '422 form_password_incorrect password',
    ],
  },
  'proving a second factor again by text message': {
    ...REVERIFICATION,
    ...CODE,
    'too early': ['400 session_reverification_missing', '400 verification_missing'],
    'with other strategies': [
      '400 strategy_for_user_invalid',
      '422 form_code_incorrect code',
      '422 form_param_value_invalid strategy',
    ],
  },
}

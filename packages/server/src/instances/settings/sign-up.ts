/**
 * Who may sign up: anybody; those with an invitation or another ticket; or those, while everybody else can only join
 * the waitlist.
 */
export type SignUpMode = 'public' | 'restricted' | 'waitlist'

export interface SignUpSettings {
  mode: SignUpMode
}

export const defaultSignUp: SignUpSettings = { mode: 'public' }

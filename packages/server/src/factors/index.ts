export { backupCodeProblem, findBackupCode, generateBackupCodes, hashBackupCodes } from './backup-codes.js'
export { generateTotpSecret, readTotpSecret, TOTP_CODE_LENGTH, totpStep } from './totp.js'

package tertulia

// Codes of errors that a caller may want to tell apart.
const (
	CodeValidation            = "VALIDATION_ERROR"
	CodeMissingParam          = "MISSING_PARAM"
	CodeMissingSalesRepEmail  = "MISSING_SALES_REP_EMAIL"
	CodeUnauthorized          = "UNAUTHORIZED"
	CodeForbidden             = "FORBIDDEN"
	CodeEmailDomainNotAllowed = "EMAIL_DOMAIN_NOT_ALLOWED"
	CodeNotFound              = "NOT_FOUND"
	CodeMeetingNotFound       = "MEETING_NOT_FOUND"
	CodeSalesRepNotFound      = "SALES_REP_NOT_FOUND"
	CodeNotificationNotFound  = "NOTIFICATION_NOT_FOUND"
	CodeJobNotFound           = "JOB_NOT_FOUND"
	CodeInvalidState          = "INVALID_STATE"
	CodeTranscriptNotReady    = "TRANSCRIPT_NOT_READY"
	CodeVideoNotReady         = "VIDEO_NOT_READY"
	CodeAudioNotReady         = "AUDIO_NOT_READY"
	CodeLastAdmin             = "LAST_ADMIN"
	CodeIdempotencyKeyReused  = "IDEMPOTENCY_KEY_REUSED"
	CodePayloadTooLarge       = "PAYLOAD_TOO_LARGE"
	CodeRateLimited           = "RATE_LIMITED"
	CodeN8N                   = "N8N_ERROR"
	CodeHubspotNotConfigured  = "HUBSPOT_NOT_CONFIGURED"
	CodeHubspotOwnerNotFound  = "HUBSPOT_OWNER_NOT_FOUND"
	CodeUnavailable           = "SERVICE_UNAVAILABLE"
	CodeInternal              = "INTERNAL_ERROR"
)

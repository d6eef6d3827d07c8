package catalog

import "github.com/tertulia-dev/tertulia/domain/fault"

// answers are the codes that an operation may answer, by kind. A test holds every fault that the program makes
// against it.
var answers = map[fault.Kind][]fault.Code{
	fault.Invalid: {
		fault.Validation, fault.MissingParam, "MISSING_SALES_REP_EMAIL", "HUBSPOT_OWNER_NOT_FOUND", "EMPTY_TRANSCRIPT",
		"REQUEST_TIMEOUT",
	},
	fault.Unauthenticated: {fault.Unauthorized, "INVALID_SIGNATURE"},
	fault.Forbidden:       {fault.ForbiddenCode, "EMAIL_DOMAIN_NOT_ALLOWED", "MEDIA_LINK_INVALID"},
	fault.NotFound: {
		fault.NotFoundCode, "MEETING_NOT_FOUND", "SALES_REP_NOT_FOUND", "NOTIFICATION_NOT_FOUND", "JOB_NOT_FOUND",
		"AGENT_NOT_FOUND", "WORKSPACE_NOT_FOUND", "API_KEY_NOT_FOUND", "BLOB_NOT_FOUND", "TRANSCRIPT_CORRECTION_NOT_FOUND",
		"HUBSPOT_NO_CONTACT", "CALENDAR_FEED_NOT_FOUND", "PLAYBOOK_NOT_FOUND",
		"CLIP_NOT_FOUND", "TRACKER_NOT_FOUND", "RUN_NOT_FOUND",
		"FILE_NOT_FOUND",
		"ANSWER_NOT_FOUND", "CORRECTION_NOT_FOUND",
		"CALL_BATCH_NOT_FOUND", "CALL_RECIPIENT_NOT_FOUND", "VOICE_AGENT_NOT_FOUND",
	},
	fault.Conflict: {
		fault.ConflictCode, fault.IdempotencyKeyReused, "MEETING_EXISTS", "INVALID_STATE", "TRANSCRIPT_NOT_READY", "VIDEO_NOT_READY",
		"AUDIO_NOT_READY", "RUN_IN_PROGRESS", "VERSION_CONFLICT", "ALREADY_REVIEWED", "JOB_NOT_IN_STATE", "LAST_ADMIN", "WORKSPACE_EXISTS",
		"NOT_A_SALES_MEETING",
		"AGENT_EXISTS", "AGENT_LIMIT_REACHED", "MODEL_WITHOUT_FILE_SEARCH",
		"CALENDAR_FEED_EXISTS", "CALENDAR_FEED_LIMIT",
		"TRANSCRIPT_CORRECTION_EXISTS", "TRANSCRIPT_CORRECTION_LIMIT",
		"TOO_MANY_CLIPS", "TRACKER_EXISTS", "TOO_MANY_TRACKERS",
		"TOO_MANY_FILES", "FILE_IS_GENERATED", "STORE_HAS_FILES",
		"NOTHING_TO_RESUME", "CALL_BATCH_IS_CAMPAIGN", "CAMPAIGN_STATE", "NOTHING_TO_RETRY",
	},
	fault.Gone:        {"MEDIA_LINK_EXPIRED"},
	fault.TooLarge:    {fault.PayloadTooLarge},
	fault.RateLimited: {fault.RateLimitedCode},
	fault.Unavailable: {fault.UnavailableCode, "HUBSPOT_NOT_CONFIGURED", "NOTETAKER_IN_CALL", "OPENAI_NOT_CONFIGURED"},
	fault.Upstream:    {"N8N_ERROR", "RECALL_ERROR", "ANALYSIS_INVALID", "HUBSPOT_ERROR", "OPENAI_ERROR", "STORAGE_ERROR", "CALL_PROVIDER_ERROR"},
	fault.Internal:    {fault.InternalCode},
}

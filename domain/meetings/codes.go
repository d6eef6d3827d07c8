package meetings

import "github.com/tertulia-dev/tertulia/domain/fault"

// Codes of the meetings capability.
const (
	MeetingNotFound        fault.Code = "MEETING_NOT_FOUND"
	MeetingExists          fault.Code = "MEETING_EXISTS"
	InvalidState           fault.Code = "INVALID_STATE" // params: status
	TranscriptNotReady     fault.Code = "TRANSCRIPT_NOT_READY"
	VideoNotReady          fault.Code = "VIDEO_NOT_READY"
	AudioNotReady          fault.Code = "AUDIO_NOT_READY"
	N8NError               fault.Code = "N8N_ERROR"
	RecallError            fault.Code = "RECALL_ERROR"
	AnalysisInvalid        fault.Code = "ANALYSIS_INVALID" // a model's answer breaks the schema or its rules
	HubspotNotConfigured   fault.Code = "HUBSPOT_NOT_CONFIGURED"
	HubspotNoContact       fault.Code = "HUBSPOT_NO_CONTACT"       // reason of a skipped sync: nobody to attach it to
	HubspotRefused         fault.Code = "HUBSPOT_REFUSED"          // reason of a failed sync
	HubspotPropertyRefused fault.Code = "HUBSPOT_PROPERTY_REFUSED" // reason of a failed sync; params: properties
	HubspotError           fault.Code = "HUBSPOT_ERROR"            // it did not answer, or not as expected
	StorageError           fault.Code = "STORAGE_ERROR"
	NotetakerInCall        fault.Code = "NOTETAKER_IN_CALL"   // what it records cannot be deleted before it has left
	NotASalesMeeting       fault.Code = "NOT_A_SALES_MEETING" // reason of a skipped sync
	MissingSalesRepEmail   fault.Code = "MISSING_SALES_REP_EMAIL"
	SalesRepNotFound       fault.Code = "SALES_REP_NOT_FOUND"
	EmailDomainNotAllowed  fault.Code = "EMAIL_DOMAIN_NOT_ALLOWED"
)

// Codes of a failed meeting, its error_code. Those that come from a notetaker carry its own reason in "subCode".
const (
	EmptyTranscript          fault.Code = "EMPTY_TRANSCRIPT" // nobody spoke
	TranscriptFailed         fault.Code = "TRANSCRIPT_FAILED"
	TranscriptMissing        fault.Code = "TRANSCRIPT_MISSING" // it was recorded, and no transcript came
	NoRecording              fault.Code = "NO_RECORDING"       // the notetaker left without having recorded
	AnalysisFailed           fault.Code = "ANALYSIS_FAILED"
	MeetingPasswordRequired  fault.Code = "MEETING_PASSWORD_REQUIRED" // a retry would need the password, which is kept nowhere
	MeetingPasswordIncorrect fault.Code = "MEETING_PASSWORD_INCORRECT"
	MeetingSignInRequired    fault.Code = "MEETING_SIGN_IN_REQUIRED"
	MeetingLinkInvalid       fault.Code = "MEETING_LINK_INVALID"
	MeetingUnavailable       fault.Code = "MEETING_UNAVAILABLE" // not started, ended, locked or full
	NotetakerNotAdmitted     fault.Code = "NOTETAKER_NOT_ADMITTED"
	NotetakerRefused         fault.Code = "NOTETAKER_REFUSED" // the vendor refused to send one
	NotetakerFailed          fault.Code = "NOTETAKER_FAILED"
	NobodyJoined             fault.Code = "NOBODY_JOINED"
	RecordingDenied          fault.Code = "RECORDING_DENIED"
)

// FailureCodes returns every error_code that a FAILED meeting can have, for the catalogue of sentences.
func FailureCodes() []fault.Code {
	return []fault.Code{
		EmptyTranscript, TranscriptFailed, TranscriptMissing, NoRecording, AnalysisFailed, MeetingPasswordRequired,
		MeetingPasswordIncorrect, MeetingSignInRequired, MeetingLinkInvalid, MeetingUnavailable,
		NotetakerNotAdmitted, NotetakerRefused, NotetakerFailed, NobodyJoined, RecordingDenied,
	}
}

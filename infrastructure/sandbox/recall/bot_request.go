package recall

import (
	"bytes"
	"encoding/json"
	"maps"
	"strings"
	"time"
)

// botRequest is the body that makes a notetaker. Unknown keys are ignored, as Recall does.
type botRequest struct {
	MeetingURL      any             `json:"meeting_url"`
	BotName         string          `json:"bot_name"`
	JoinAt          *string         `json:"join_at"`
	Metadata        map[string]any  `json:"metadata"`
	RecordingConfig recordingConfig `json:"recording_config"`
	AutomaticLeave  map[string]any  `json:"automatic_leave"`
	Zoom            json.RawMessage `json:"zoom,omitempty"`
	Variant         json.RawMessage `json:"variant,omitempty"`
}

// botPatch is the body that changes a notetaker: what it does not name stays, what it names is replaced whole.
type botPatch struct {
	MeetingURL      any              `json:"meeting_url"`
	BotName         *string          `json:"bot_name"`
	JoinAt          *string          `json:"join_at"`
	Metadata        map[string]any   `json:"metadata"`
	RecordingConfig *recordingConfig `json:"recording_config"`
	AutomaticLeave  map[string]any   `json:"automatic_leave"`
}

// over is the request with the patch's changes.
func (p botPatch) over(q botRequest) botRequest {
	if p.MeetingURL != nil {
		q.MeetingURL = p.MeetingURL
	}
	if p.BotName != nil {
		q.BotName = *p.BotName
	}
	if p.JoinAt != nil {
		q.JoinAt = p.JoinAt
	}
	if p.Metadata != nil {
		q.Metadata = p.Metadata
	}
	if p.RecordingConfig != nil {
		q.RecordingConfig = *p.RecordingConfig
	}
	if p.AutomaticLeave != nil {
		q.AutomaticLeave = p.AutomaticLeave
	}
	return q
}

// recordingConfig says what is recorded. A null or absent artefact with a default is recorded as the default says.
type recordingConfig struct {
	Transcript *struct {
		Provider    map[string]any  `json:"provider"`
		Diarization json.RawMessage `json:"diarization"`
		Metadata    map[string]any  `json:"metadata"`
	} `json:"transcript"`
	VideoMixed        json.RawMessage `json:"video_mixed_mp4"`
	AudioMixed        json.RawMessage `json:"audio_mixed_mp3"`
	ParticipantEvents json.RawMessage `json:"participant_events"`
	MeetingMetadata   json.RawMessage `json:"meeting_metadata"`
	VideoLayout       string          `json:"video_mixed_layout"`
	StartOn           string          `json:"start_recording_on"`
	Retention         json.RawMessage `json:"retention"`
	RealtimeEndpoints json.RawMessage `json:"realtime_endpoints"`
	Metadata          map[string]any  `json:"metadata"`
}

// usualRetention is how long media is kept unless the request says otherwise.
const usualRetention = 168 * time.Hour

// retention is how long media is kept; 0 is for ever.
func (c recordingConfig) retention() time.Duration {
	var asked struct {
		Type  string   `json:"type"`
		Hours *float64 `json:"hours"`
	}
	if json.Unmarshal(c.Retention, &asked) != nil {
		return usualRetention
	}
	switch {
	case asked.Type == "forever":
		return 0
	case asked.Hours != nil:
		return time.Duration(*asked.Hours * float64(time.Hour))
	}
	return usualRetention
}

// given tells whether an artefact was asked for.
func given(raw json.RawMessage) bool { return len(raw) > 0 && !bytes.Equal(raw, []byte("null")) }

// wants tells whether an artefact is recorded: audio and transcripts only when asked for, the others always.
func (c recordingConfig) wants(kind string) bool {
	switch kind {
	case transcriptKind:
		return c.Transcript != nil && len(c.Transcript.Provider) > 0
	case audioKind:
		return given(c.AudioMixed)
	}
	return true
}

func (c recordingConfig) view() map[string]any {
	orEmpty := func(raw json.RawMessage) any {
		if given(raw) {
			return raw
		}
		return struct{}{}
	}
	v := map[string]any{
		"transcript": c.Transcript, "video_mixed_mp4": orEmpty(c.VideoMixed), "audio_mixed_mp3": c.AudioMixed,
		"participant_events": orEmpty(c.ParticipantEvents), "meeting_metadata": orEmpty(c.MeetingMetadata),
		"video_mixed_layout": "speaker_view", "start_recording_on": "participant_join",
		"retention":          map[string]any{"type": "timed", "hours": usualRetention.Hours()},
		"realtime_endpoints": []any{}, "metadata": orEmptyMap(c.Metadata),
	}
	if c.VideoLayout != "" {
		v["video_mixed_layout"] = c.VideoLayout
	}
	if c.StartOn != "" {
		v["start_recording_on"] = c.StartOn
	}
	if given(c.Retention) {
		v["retention"] = c.Retention
	}
	if given(c.RealtimeEndpoints) {
		v["realtime_endpoints"] = c.RealtimeEndpoints
	}
	return v
}

// automaticLeave is the documented default with the request's values on top.
func (q botRequest) automaticLeave() map[string]any {
	leave := map[string]any{
		"waiting_room_timeout": 1200, "noone_joined_timeout": 1200,
		"everyone_left_timeout":         map[string]any{"timeout": 2, "activate_after": 0},
		"in_call_not_recording_timeout": 3600, "recording_permission_denied_timeout": 30,
		"silence_detection": map[string]any{"timeout": 3600, "activate_after": 1200},
	}
	maps.Copy(leave, q.AutomaticLeave)
	return leave
}

// complaints are what Recall would say of the body's fields; joinAt is zero when the request has none.
func (q botRequest) complaints() (url meetingURL, joinAt time.Time, fields map[string][]string) {
	fields = map[string][]string{}
	address, isText := q.MeetingURL.(string)
	switch parsed, ok := parseMeetingURL(address); {
	case q.MeetingURL == nil:
		fields["meeting_url"] = []string{"This field is required."}
	case !isText || !ok:
		fields["meeting_url"] = []string{"Enter a valid URL."}
	default:
		url = parsed
	}
	if q.JoinAt != nil {
		at, err := time.Parse(time.RFC3339, *q.JoinAt)
		if err != nil {
			fields["join_at"] = []string{"Datetime has wrong format. Use one of these formats instead: " +
				"YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."}
		}
		joinAt = at.UTC()
	}
	if t := q.RecordingConfig.Transcript; t != nil {
		for provider := range t.Provider {
			if strings.HasSuffix(provider, "_async") {
				fields["recording_config"] = []string{provider + " cannot be used when a bot is created."}
			}
		}
	}
	return url, joinAt, fields
}

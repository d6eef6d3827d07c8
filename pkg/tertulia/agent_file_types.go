package tertulia

import "time"

// AgentFile is a document that an agent searches in.
type AgentFile struct {
	ID        string    `json:"id" doc:"The file's ID." example:"0193d2a4-7b1e-7c3a-9f00-5a6b7c8d9e0f"`
	Filename  string    `json:"filename" doc:"The file's name." example:"catalogo.pdf"`
	Type      string    `json:"type" enum:"pdf,txt,md,csv,docx" doc:"What it is." example:"pdf"`
	Bytes     int64     `json:"bytes" doc:"Its length in bytes." example:"182044"`
	Status    string    `json:"status" enum:"in_progress,completed,failed" doc:"Whether it can be searched: completed." example:"completed"`
	Error     *string   `json:"error" doc:"Why it failed, as a code of the provider." example:"invalid_file"`
	Generated bool      `json:"generated" doc:"Whether it is made of the agent's approved lessons."`
	Agent     string    `json:"agent" doc:"The agent that it was given to." example:"seguimiento_general"`
	CreatedAt time.Time `json:"created_at" doc:"When it was given."`
}

// AgentFileList is every file that an agent searches in.
type AgentFileList struct {
	Data       []AgentFile `json:"data" doc:"The files, newest first."`
	SharedWith []string    `json:"shared_with" doc:"The other agents that search in the same files."`
}

// ShareFilesRequest says whose files an agent searches in.
type ShareFilesRequest struct {
	Agent *string `json:"agent" doc:"The key of the agent whose files they are; null: files of its own." example:"coach_ventas"`
}

// Done is the answer of an operation that has nothing else to say.
type Done struct {
	OK bool `json:"ok" doc:"Always true."`
}

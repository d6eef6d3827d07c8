package agentsuc

import "github.com/tertulia-dev/tertulia/domain/agents"

// EndInterruptedRun looks after an answer in case the process that makes it dies.
type EndInterruptedRun struct {
	Chat   agents.ChatID    `json:"chat"`
	Answer agents.MessageID `json:"answer"`
}

// Kind implements port.Job.
func (EndInterruptedRun) Kind() string { return "end_interrupted_run" }

// Unique allows one pending look an answer.
func (j EndInterruptedRun) Unique() string { return j.Answer.String() }

// ForgetConversation deletes a conversation at the provider.
type ForgetConversation struct {
	Conversation string `json:"conversation"` // the provider's
}

// Kind implements port.Job.
func (ForgetConversation) Kind() string { return "forget_conversation" }

// Unique allows one pending deletion a conversation.
func (j ForgetConversation) Unique() string { return j.Conversation }

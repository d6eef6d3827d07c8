// Package batchcalls holds the rules of batch calls and call campaigns: who is called by a voice agent, what state a call is
// in, what one provider batch may hold, and what makes sure that nobody is dialled twice. It knows no provider's wire and
// does no I/O.
package batchcalls

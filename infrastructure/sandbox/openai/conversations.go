package openai

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// maxNewItems is the most items that one request may add to a conversation.
const maxNewItems = 20

// conversation is a list of items that responses read and extend, one response at a time.
type conversation struct {
	ID        string            `json:"id"`
	Object    string            `json:"object"`
	CreatedAt int64             `json:"created_at"`
	Metadata  map[string]string `json:"metadata"`
	items     []map[string]any
	busy      bool
	// deleted conversations keep their items, as the vendor's do: items must be deleted one by one.
	deleted bool
}

type conversationBody struct {
	Metadata map[string]string `json:"metadata"`
	Items    []map[string]any  `json:"items"`
}

func (d *Double) createConversation(w http.ResponseWriter, r *http.Request) {
	var body conversationBody
	if !readJSON(w, r, &body) {
		return
	}
	if len(body.Items) > maxNewItems {
		refuse(w, *tooManyItems(len(body.Items)))
		return
	}
	c := &conversation{ID: newID("conv"), Object: "conversation", CreatedAt: d.now().Unix(), Metadata: body.Metadata}
	if c.Metadata == nil {
		c.Metadata = map[string]string{}
	}
	c.items = identified(body.Items)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.conversations[c.ID] = c
	core.WriteJSON(w, http.StatusOK, c)
}

func tooManyItems(n int) *apiError {
	return badRequest("items", "array_above_max_length",
		"Invalid 'items': array too long. Expected an array with maximum length %d, but got an array with length %d instead.", maxNewItems, n)
}

func (d *Double) getConversation(w http.ResponseWriter, r *http.Request) {
	d.withConversation(w, r, func(c *conversation) { core.WriteJSON(w, http.StatusOK, c) })
}

func (d *Double) updateConversation(w http.ResponseWriter, r *http.Request) {
	var body conversationBody
	if !readJSON(w, r, &body) {
		return
	}
	d.withConversation(w, r, func(c *conversation) {
		c.Metadata = body.Metadata
		core.WriteJSON(w, http.StatusOK, c)
	})
}

func (d *Double) deleteConversation(w http.ResponseWriter, r *http.Request) {
	d.withConversation(w, r, func(c *conversation) {
		c.deleted = true
		core.WriteJSON(w, http.StatusOK, map[string]any{"id": c.ID, "object": "conversation.deleted", "deleted": true})
	})
}

func (d *Double) listItems(w http.ResponseWriter, r *http.Request) {
	d.withItems(w, r, func(c *conversation) {
		writePage(w, r.URL.Query(), c.items, itemID)
	})
}

func (d *Double) createItems(w http.ResponseWriter, r *http.Request) {
	var body conversationBody
	if !readJSON(w, r, &body) {
		return
	}
	if len(body.Items) > maxNewItems {
		refuse(w, *tooManyItems(len(body.Items)))
		return
	}
	d.withConversation(w, r, func(c *conversation) {
		added := identified(body.Items)
		c.items = append(c.items, added...)
		core.WriteJSON(w, http.StatusOK, list(added, itemID))
	})
}

func (d *Double) getItem(w http.ResponseWriter, r *http.Request) {
	d.withItem(w, r, func(c *conversation, i int) { core.WriteJSON(w, http.StatusOK, c.items[i]) })
}

func (d *Double) deleteItem(w http.ResponseWriter, r *http.Request) {
	d.withItem(w, r, func(c *conversation, i int) {
		c.items = slices.Delete(c.items, i, i+1)
		core.WriteJSON(w, http.StatusOK, c)
	})
}

// withConversation runs do on the conversation that the path names, under the lock.
func (d *Double) withConversation(w http.ResponseWriter, r *http.Request, do func(*conversation)) {
	d.withItems(w, r, func(c *conversation) {
		if c.deleted {
			refuse(w, missing("Conversation", c.ID))
			return
		}
		do(c)
	})
}

// withItems is withConversation, but the items of a deleted conversation still answer.
func (d *Double) withItems(w http.ResponseWriter, r *http.Request, do func(*conversation)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, found := d.conversations[r.PathValue("id")]
	if !found {
		refuse(w, missing("Conversation", r.PathValue("id")))
		return
	}
	do(c)
}

func (d *Double) withItem(w http.ResponseWriter, r *http.Request, do func(c *conversation, i int)) {
	d.withItems(w, r, func(c *conversation) {
		i := slices.IndexFunc(c.items, func(item map[string]any) bool { return itemID(item) == r.PathValue("item") })
		if i < 0 {
			refuse(w, missing("Item", r.PathValue("item")))
			return
		}
		do(c, i)
	})
}

// identified gives every item an ID, a type and a status, as the vendor's lists show them.
func identified(items []map[string]any) []map[string]any {
	for _, item := range items {
		if item["type"] == nil {
			item["type"] = "message"
		}
		if itemID(item) == "" {
			item["id"] = newID("msg")
		}
		if item["type"] == "message" {
			item["status"] = "completed"
			if text, plain := item["content"].(string); plain {
				item["content"] = []any{map[string]any{"type": contentType(item["role"]), "text": text}}
			}
		}
	}
	return items
}

func contentType(role any) string {
	if role == "assistant" {
		return "output_text"
	}
	return "input_text"
}

func itemID(item map[string]any) string {
	id, _ := item["id"].(string)
	return id
}

// conversationRef reads the conversation field of a request, an ID or an object with one.
func conversationRef(raw json.RawMessage) string {
	var id string
	if json.Unmarshal(raw, &id) == nil {
		return id
	}
	var object struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(raw, &object) // another shape is no reference
	return object.ID
}

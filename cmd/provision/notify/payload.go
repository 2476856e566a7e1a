package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"provision/cmd/provision/config"
)

// Headers of a webhook's request.
const (
	// HeaderSignature is what [Sign] gives; only where the webhook has a secret.
	HeaderSignature = "X-Provision-Signature"
	// HeaderTimestamp is when it was signed, in seconds since 1970.
	HeaderTimestamp = "X-Provision-Timestamp"
	HeaderEvent     = "X-Provision-Event"
	// HeaderDelivery is the document's id.
	HeaderDelivery = "X-Provision-Delivery"
)

// Sign is the signature of a body: "v1=" and the HMAC-SHA-256, in hex, of the
// timestamp in seconds since 1970, a dot, and the body. A receiver computes the
// same, compares in constant time, and refuses a timestamp that is minutes old.
func Sign(secret string, at time.Time, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(strconv.FormatInt(at.Unix(), 10)))
	mac.Write([]byte{'.'})
	mac.Write(body)
	return "v1=" + hex.EncodeToString(mac.Sum(nil))
}

// payload is the body for a kind of webhook.
func payload(kind string, d *Document) ([]byte, error) {
	var body any = d
	switch kind {
	case config.WebhookSlack:
		// Slack reads these three as its own marks.
		body = map[string]any{"text": strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(d.Text)}
	case config.WebhookTeams:
		body = teamsCard(d)
	}
	data, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("write message: %w", err)
	}
	return data, nil
}

// teamsCard is an adaptive card in the envelope that Teams' workflows take. Each
// line of the text is a block, as the blocks read line ends as spaces.
func teamsCard(d *Document) any {
	var blocks []any
	for i, line := range strings.Split(d.Text, "\n") {
		block := map[string]any{"type": "TextBlock", "text": line, "wrap": true}
		if i == 0 {
			block["weight"] = "Bolder"
		}
		blocks = append(blocks, block)
	}
	return map[string]any{
		"type": "message",
		"attachments": []any{map[string]any{
			"contentType": "application/vnd.microsoft.card.adaptive",
			"content": map[string]any{
				"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4", "body": blocks,
			},
		}},
	}
}

package approval

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/ssh"
)

// File is an approval as it lies in files.
type File struct {
	Statement []byte
	Signature []byte // empty: not signed
}

// Question is what an approval is held against.
type Question struct {
	PlanDigest string
	Account    string
	Now        time.Time
	// Approvers are who may approve; nil means that nobody is listed, and
	// anybody may.
	Approvers *Approvers
}

// Standing is what an approval turned out to be worth.
type Standing struct {
	Statement
	// Key is the fingerprint of the key that signed it; empty: not signed.
	Key string
	// Listed: the key is that of the approver in the list of approvers.
	Listed bool
}

// How says how surely it is known who approved.
func (s Standing) How() string {
	switch {
	case s.Key == "":
		return "not signed"
	case s.Listed:
		return "signed with " + s.Key + ", which the list of approvers has"
	}
	return "signed with " + s.Key + ", held against no list of approvers"
}

// RefusedError says why an approval does not count for a plan.
type RefusedError struct {
	Why error
	// Found is what the approval says, where it could be read; it need not be
	// true.
	Found Statement
}

// Error says it in one line.
func (e *RefusedError) Error() string { return "the plan is not approved: " + e.Why.Error() }

// Unwrap gives the reason.
func (e *RefusedError) Unwrap() error { return e.Why }

// Reasons for which an approval does not count; what is not named here, as a
// signer who is not listed, has a text only.
var (
	ErrOtherPlan = errors.New("the approval is one of another plan, or the plan was made anew after it")
	ErrExpired   = errors.New("the approval has expired")
	ErrUnsigned  = errors.New("the approval is not signed, and a list of approvers is given")
)

// Check holds an approval against a plan. An approval that does not count is a
// [*RefusedError]; there is no other error.
func Check(f File, q Question) (Standing, error) {
	s, err := Decode(f.Statement)
	if err != nil {
		return Standing{}, &RefusedError{Why: err}
	}
	refuse := func(err error) (Standing, error) { return Standing{}, &RefusedError{Why: err, Found: s} }
	st := Standing{Statement: s}
	var key ssh.PublicKey
	if len(f.Signature) > 0 {
		if key, err = signer(f.Statement, f.Signature); err != nil {
			return refuse(err)
		}
		st.Key = ssh.FingerprintSHA256(key)
	}
	switch {
	case s.PlanDigest != q.PlanDigest || s.Account != q.Account:
		return refuse(ErrOtherPlan)
	case !s.Expires.IsZero() && !q.Now.Before(s.Expires):
		return refuse(fmt.Errorf("%w: on %s", ErrExpired, s.Expires.Format(time.RFC3339)))
	case q.Approvers == nil:
		return st, nil
	case key == nil:
		return refuse(ErrUnsigned)
	}
	if err := q.Approvers.holds(s.By, key, q.Now); err != nil {
		return refuse(err)
	}
	st.Listed = true
	return st, nil
}

// Package approval lets someone else say yes to a plan, and checks that they
// did.
//
// # Words
//
//   - statement: what an approver said: which plan, by its digest, of which
//     account, who, when, until when, and a note.
//   - approval: a statement as the bytes of a file, with a signature in a file
//     of its own beside it or without one.
//   - signature: OpenSSH's SSHSIG over the statement's bytes, in the namespace
//     [Namespace], so that "ssh-keygen -Y verify" and "ssh-keygen -Y sign" take
//     and make the same files.
//   - approvers: who may approve, with their keys, in OpenSSH's format of
//     allowed signers (ssh-keygen(1), ALLOWED SIGNERS).
//   - standing: what a check found: by whom, and how surely it is known.
//
// # What an approval is worth
//
// Without approvers an approval keeps mistakes out (another plan, one that was
// edited since, one that is too old), not malice: whoever can write the file
// can write any name into it. With approvers only someone who holds a listed
// key can make one.
//
// # What it never does
//
// It opens no file and no connection, and asks for no passphrase: it gets and
// gives bytes. It reads no clock: it is told the time. It does not read plans:
// it knows a plan by its digest, which whoever reads the plan has checked.
package approval

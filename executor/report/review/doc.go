// Package review turns a plan into what a person needs who has to say yes or
// no to it: a view model ([Review]) of plain data with the words already
// chosen and everything counted. Every form of a plan - terminal, HTML,
// workbook, Markdown, JSON - is drawn from it, so that all say the same.
//
// # Words
//
//   - Review: the whole of it, made by [Of].
//   - Question: something that needs a yes before the plan is carried out, such
//     as people left without a phone ([Question]). A review opens with them.
//   - Field: one value of a change, as it is and as it shall be ([Field]); the
//     words that differ can be marked ([Field.Marked]).
//   - Place in a list: all lists are in the plan's order. Changes are also
//     listed by kind ([Review.ByKind]) and by site ([Review.BySite]).
//
// # What it never does
//
// It writes nothing, reads no clock and no file, and leaves nothing out: how
// much of a list is shown is the business of a form. All of its texts are
// cleaned ([wording.Clean]), so that none steers a terminal or turns the
// direction of writing; they are not escaped, which each form does in its way.
package review

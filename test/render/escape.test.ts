/** Untrusted text prints literally and starts nothing, whatever it contains. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeHtml, escapeLatex, escapeMarkdown, plainText } from '../../src/render/escape.ts';
import { hostile } from './arbitrary.ts';

describe('terminal', () => {
  test.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;http://a\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u009b2Jcleared', 'cleared'],
    ['a\r\nb\tc', 'a b c'],
    ['a\u0000b\u0008c', 'abc'],
    ['abc\u202edcb', 'abcdcb'],
    ['R-DPO (Park et al., 2024)', 'R-DPO (Park et al., 2024)'],
  ])('%j becomes %j', (text, plain) => expect(plainText(text)).toBe(plain));

  test('no control character survives, and plain text stays', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const plain = plainText(text);
        expect(plain).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
        expect(plainText(plain)).toBe(plain);
      }),
    );
  });
});

describe('LaTeX', () => {
  test.each([
    ['100% & #1 of $5_a', String.raw`100\% \& \#1 of \$5\_a`],
    ['\\input{secret}', String.raw`\textbackslash{}input\{secret\}`],
    [
      'a^b ~ <c> | `d` "e"',
      String.raw`a\textasciicircum{}b \textasciitilde{} \textless{}c\textgreater{} \textbar{} \textasciigrave{}d\textasciigrave{} ''e''`,
    ],
    ['β-DPO', String.raw`\ensuremath{\beta}-DPO`],
    ['line\n\nline', 'line line'],
  ])('%j becomes %j', (text, escaped) => expect(escapeLatex(text)).toBe(escaped));

  test('every command is one of ours, and no active character is left', () => {
    const ours = /\\(?:text[a-z]+\{\}|ensuremath\{\\[A-Za-z]+\}|[{}$&#%_])/g;
    fc.assert(
      fc.property(hostile, (text) => {
        expect(escapeLatex(text).replace(ours, '')).not.toMatch(/[\\{}$&#%_^~"]/);
      }),
    );
  });
});

describe('HTML', () => {
  test.each([
    ['<script>alert("1")</script>', '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;'],
    ["a & 'b'", 'a &amp; &#39;b&#39;'],
  ])('%j becomes %j', (text, escaped) => expect(escapeHtml(text)).toBe(escaped));

  test('no raw <, >, quote or ampersand is left, and reading it gives the text back', () => {
    const back: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
    fc.assert(
      fc.property(hostile, (text) => {
        const escaped = escapeHtml(text);
        expect(escaped.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toMatch(/[<>&"']/);
        expect(escaped.replace(/&([a-z#0-9]+);/g, (_, name: string) => back[name] ?? '')).toBe(
          plainText(text),
        );
      }),
    );
  });
});

describe('Markdown', () => {
  test.each([
    ['a | b', String.raw`a \| b`],
    ['*bold* _it_ `code` [x](y)', String.raw`\*bold\* \_it\_ \`code\` \[x\](y)`],
    ['<script>', '&lt;script&gt;'],
    ['{{ x }}', '&#123;&#123; x &#125;&#125;'],
    ['# title', String.raw`\# title`],
    ['- item', String.raw`\- item`],
    ['1. item', String.raw`1\. item`],
    ['2) item', String.raw`2\) item`],
    ['costs $5$', String.raw`costs \$5\$`],
    ['https://a.b www.c.d', 'https&#58;//a.b www&#46;c.d'],
    ['R-DPO, version 1.5', 'R-DPO, version 1.5'],
  ])('%j becomes %j', (text, escaped) => expect(escapeMarkdown(text)).toBe(escaped));

  test('no active character is left', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const escaped = escapeMarkdown(text);
        expect(escaped.replace(/\\[!-/:-@[-`{-~]|&(?:[a-z]+|#\d+);/g, '')).not.toMatch(/[\\`*_{}[\]<>#|~$&]/);
        expect(escaped).not.toMatch(/^(?:\d*[.)]|[-+=])/);
      }),
    );
  });
});

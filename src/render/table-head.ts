/** The columns a comparison table may have: their names and heads. */

export const TABLE_COLUMNS = [
  'variant',
  'prior',
  'weight',
  'tier',
  'conditions',
  'loss',
  'id',
  'paper',
  'logit',
  'gradient',
  'nearest',
] as const;
export type TableColumn = (typeof TABLE_COLUMNS)[number];

/** What a table has if nobody says otherwise. */
export const USUAL_COLUMNS: readonly TableColumn[] = TABLE_COLUMNS.slice(0, 6);

export const COLUMN_HEAD: Readonly<Record<TableColumn, string>> = {
  variant: 'Variant',
  prior: 'Prior',
  weight: 'Weight',
  tier: 'Tier',
  conditions: 'Conditions',
  loss: 'Loss',
  id: 'Id',
  paper: 'Paper',
  logit: 'Logit',
  gradient: 'Tier in gradient',
  nearest: 'What would bring it in',
};

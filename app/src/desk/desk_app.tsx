export const DeskApp = () => <main />;
